"""`catalog import` from a note on disk to files of the catalog, and what it says of bad notes."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import ROOT
from tests.projects import BREAD
from tools.cli import main
from tools.storage.catalog import load_catalog
from tools.storage.drafts import read_drafts

Import = Callable[..., Result]
BAKERY = ROOT / "tests/fixtures/notes/bakery.md"
GLUTEN = "resources/on-gluten.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalog about bread."""
    return Path(shutil.copytree(BREAD / "catalog", tmp_path / "catalog"))


@pytest.fixture
def take(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Runs `catalog import`; a text instead of a path becomes the file shelf.md."""
    monkeypatch.chdir(tmp_path)

    def command(note: Path | str | bytes, *options: str) -> Result:
        if not isinstance(note, Path):
            content = note if isinstance(note, bytes) else note.encode()
            Path("shelf.md").write_bytes(content)
            note = Path("shelf.md")
        return CliRunner().invoke(
            main, ["--catalog", "catalog", "import", str(note), *options], catch_exceptions=False
        )

    return command


def contents(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*.yml"))}


def test_every_address_is_accounted_for_and_nothing_is_written(take: Import, folder: Path) -> None:
    before = contents(folder)
    result = take(
        "# 面\n- [Gluten](http://bread.example/gluten/) ***\n- [Rye](https://a.example/rye)\n"
        "- ![p](https://a.example/p.png)\n"
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "shelf.md: 3 addresses: 1 new, 1 same, 1 not readable\n"
        "2\tsame\ton-gluten\thttp://bread.example/gluten/\n"
        "3\tnew\ta-rye\thttps://a.example/rye\n"
        "4\tnot readable\ta picture, nothing to read\thttps://a.example/p.png\n"
        "would write: catalog/drafts/a-rye.yml\n"
        "would write: catalog/resources/on-gluten.yml\n"
        "would write: catalog/notes/shelf.yml\n"
    )
    assert contents(folder) == before


def test_writing_makes_drafts_mentions_and_the_ledger_and_again_changes_nothing(
    take: Import, folder: Path
) -> None:
    gluten = (folder / GLUTEN).read_text()
    assert take(BAKERY, "--note", "bakery", "--write").exit_code == 1  # Its bad addresses.
    catalog = load_catalog(folder)
    assert catalog.problems == ()
    assert len(read_drafts(folder)) == 25
    ledger = catalog.catalog.notes["bakery"].addresses
    assert [(line.line, line.resource) for line in ledger if line.resource == "on-gluten"] == [
        (11, "on-gluten")
    ]
    assert (folder / GLUTEN).read_text() == gluten.replace(
        "rating: 4, line: 1}\n",
        "rating: 4, line: 1}\n  - note: bakery\n    section: 面团\n    label: Gluten\n"
        "    line: 11\n",
    )
    after = contents(folder)
    again = take(BAKERY, "--note", "bakery", "--write")
    assert "written" not in again.stdout
    assert contents(folder) == after


def test_a_finished_draft_is_found_again_as_a_resource(take: Import, folder: Path) -> None:
    note = "[Rye in tins](https://a.example/tins)\n"
    take(note, "--write")
    (folder / "drafts/rye-in-tins.yml").rename(folder / "resources/rye-in-tins.yml")
    text = (folder / "resources/rye-in-tins.yml").read_text()
    done = "kind: article\nlanguage: en\ntopics: [baking]\nlevel: beginner\n"
    summary = "summary: {en: Bakes in tins., zh: 用罐头烤。}\n"
    (folder / "resources/rye-in-tins.yml").write_text(text + done + summary)
    assert load_catalog(folder).problems == ()
    assert "1\tsame\trye-in-tins\t" in take(note, "--write").stdout


def test_several_notes_at_once_build_on_one_another(
    take: Import, folder: Path, tmp_path: Path
) -> None:
    text = "[Gluten](https://bread.example/gluten)\n\n[Tins](https://a.example/tins)\n"
    (tmp_path / "one.md").write_text(text)
    looked = take(text, "one.md")
    assert (looked.exit_code, looked.stderr) == (0, "")
    assert take(text, "one.md", "--write").exit_code == 0
    (tins,) = read_drafts(folder).values()
    assert [mention.note for mention in tins.mentions] == ["shelf", "one"]
    gluten = load_catalog(folder).catalog.resources["on-gluten"]
    assert [mention.note for mention in gluten.mentions] == ["kitchen", "shelf", "one"]
    after = contents(folder)
    assert "written" not in take(text, "one.md", "--write").stdout
    assert contents(folder) == after


def test_what_would_be_too_large_to_read_again_is_not_written(take: Import) -> None:
    links = (f"<https://a.example/{n}/{'x' * 1900}>\n\n" for n in range(530))
    result = take("".join(links))
    assert result.exit_code == 1
    assert "catalog/notes/shelf.yml: left as it is: it would have 1,0" in result.stderr


def test_odd_pieces_and_bad_addresses_are_told_with_their_place(take: Import) -> None:
    result = take("# a\n\n# b\n[x](y.md)\n")
    assert result.exit_code == 1
    assert result.stderr == (
        "shelf.md:1: found nothing under the heading 'a'\n"
        "shelf.md:4: found 'y.md': expected an http or https address\n"
        "1 problem\n"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "found an empty file, expected a Markdown note"),
        (b" \n\n", "found an empty file, expected a Markdown note"),
        (b"\x89PNG\r\n\x1a\n\0\0", "found the byte 0x89 on line 1, expected UTF-8"),
        (b"a\0b", "found a binary file, expected a Markdown note"),
        ("# 面\n乱码".encode("gbk"), "found the byte 0xc3 on line 1, expected UTF-8"),
        (b"x" * 10_000_001, "found 10,000,001 bytes, expected at most 10,000,000"),
    ],
    ids=["empty", "blank", "picture", "nul", "gbk", "huge"],
)
def test_what_is_no_note_is_a_clear_problem(take: Import, content: bytes, message: str) -> None:
    result = take(content, "--write")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"shelf.md: {message}\n1 problem\n"


def test_a_note_that_is_not_there_is_a_clear_problem(take: Import) -> None:
    result = take(Path("gone.md"))
    assert (result.exit_code, result.stderr) == (
        1, "gone.md: found no file here, expected one\n1 problem\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--note", "a", "--note", "b"), "found 2 --notes, expected one for each of 1\n"),
        (("--note", "A b"), "shelf.md: --note: found 'A b', expected an id of a-z, 0-9 and"),
    ],
)
def test_a_wrong_id_ends_before_anything_is_read(
    take: Import, options: tuple[str, ...], message: str
) -> None:
    result = take("[a](https://a.example)", *options)
    assert result.exit_code == 2
    assert result.stderr.startswith(message)


def test_a_broken_catalog_is_not_written_to(take: Import, folder: Path) -> None:
    (folder / GLUTEN).write_text("title: [")
    result = take("[a](https://a.example)", "--write")
    assert result.exit_code == 1
    assert GLUTEN in result.stderr
    assert not (folder / "drafts").exists()


def test_a_new_catalog_begins_with_its_first_note(take: Import, folder: Path) -> None:
    shutil.rmtree(folder / "resources")
    (folder / "topics.yml").write_text("[]\n")
    for name in ("questions.yml", "snippets.yml"):
        (folder / name).write_text("[]\n")
    shutil.rmtree(folder / "notes")
    assert take("[a loaf](https://a.example/loaf)", "--write").exit_code == 0
    assert list(read_drafts(folder)) == ["a-loaf"]


def test_a_mention_that_holds_a_comment_is_left_and_told(take: Import, folder: Path) -> None:
    path = folder / GLUTEN
    text = path.read_text().replace("rating: 4, line: 1}", "rating: 4, line: 1}   # by hand")
    path.write_text(text)
    result = take("[On Gluten](https://bread.example/gluten) *\n", "--note", "kitchen", "--write")
    assert result.exit_code == 1
    assert (
        "catalog/resources/on-gluten.yml: left as it is: one of its mentions has a comment and "
        "must be changed by hand\n"
    ) in result.stderr
    assert path.read_text() == text


def test_hostile_text_becomes_a_draft_that_says_those_very_characters(
    take: Import, folder: Path
) -> None:
    label = "{{ x }} &lt;script> &#35; 'q' \"p\" - a: b # c %TAG !x *y"
    assert take(f"[{label}](https://a.example/x)\n", "--write").exit_code == 0
    (draft,) = read_drafts(folder).values()
    assert draft.title == label.replace("&#35;", "#").replace("&lt;", "<")
