"""Service: what the addresses of the catalog answer."""
