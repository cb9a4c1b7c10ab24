"""Files to model and back; every fault comes with its file and line."""
