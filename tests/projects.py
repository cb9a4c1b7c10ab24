"""Whole small projects in a temporary folder, for tests that build or serve a site."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
BREAD = ROOT / "tests" / "fixtures" / "bread"


def bread_project(target: Path) -> Path:
    """The project's own machinery around the fixture catalog about bread."""
    shutil.copytree(BREAD, target, dirs_exist_ok=True)
    for name in ("mkdocs.yml", "mkdocs.zh.yml"):
        shutil.copy(ROOT / name, target / name)
    for name in ("tools", "snippets", "docs/assets", "docs/overrides"):
        (target / name).symlink_to(ROOT / name, target_is_directory=True)
    return target
