"""Unrolled: a catalog of learning resources, the site made from it, and the command for both."""
