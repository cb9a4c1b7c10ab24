"""Between the catalog and other people's formats: pure text on one side, resources on the other."""
