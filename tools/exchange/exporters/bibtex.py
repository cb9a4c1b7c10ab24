"""The catalog as a BibTeX (biblatex) file."""

from tools.exchange.bibtex import bibtex
from tools.model.catalog import Catalog


def to_bibtex(catalog: Catalog) -> str:
    """One entry a resource, by id, a blank line between two."""
    return "\n".join(bibtex(catalog.resources[id]) for id in sorted(catalog.resources))
