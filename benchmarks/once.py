"""Loads one catalog in a process of its own and prints the seconds and megabytes that took."""

import resource
import sys
import time
from pathlib import Path

from tools.storage.catalog import load_catalog

# Linux counts in kibibytes, macOS in bytes.
_UNIT = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Load the catalog named on the command line; one with problems ends with them."""
    start = time.perf_counter()
    loaded = load_catalog(Path(sys.argv[1]))
    seconds = time.perf_counter() - start
    if loaded.problems:
        sys.exit("\n".join(map(str, loaded.problems)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    print(seconds, peak / 1e6)


if __name__ == "__main__":
    main()
