"""The issue form that proposes a resource: its answers to a draft's values."""
