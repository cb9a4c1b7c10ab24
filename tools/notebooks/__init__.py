"""A snippet's executed notebook and its proof, kept until something they rest on changes."""
