"""`python -m tools.cli`: the `catalog` command."""

from tools.cli import main

main(prog_name="catalog")
