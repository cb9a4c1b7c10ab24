"""What a reader takes home of a snippet: the file and the notebook, which run alone."""

from pathlib import Path

from tools.notebooks.notebook import notebook_text
from tools.notebooks.parts import parts_of, without_markers
from tools.notebooks.running import kept_notebook
from tools.storage.files import UnreadableFile, read_text
from tools.storage.keys import snippet_file


def downloads(root: Path, id: str) -> dict[str, bytes]:
    """The `.py` without page marks and the `.ipynb`, by the path they have on the site.

    The notebook holds today's run, or nothing but cells; an unreadable snippet has neither.
    """
    try:
        text = read_text(root / snippet_file(id), root)
    except UnreadableFile:
        return {}
    notebook = kept_notebook(root, id) or notebook_text(parts_of(text))
    return {
        f"snippets/{id}.py": without_markers(text).encode(),
        f"snippets/{id}.ipynb": notebook.encode(),
    }
