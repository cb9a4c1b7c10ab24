"""The nouns of a catalog: standard library only, no files, clock, network or randomness."""
