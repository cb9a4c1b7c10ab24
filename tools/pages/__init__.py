"""The site's pages as plain text and markup, made from a catalog; knows no site engine."""
