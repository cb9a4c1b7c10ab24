"""Every command on the small catalog about bread: what it says, and how it ends."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.builders import as_yaml, resource_data, write_catalog
from tests.projects import BREAD
from tools.cli import main
from tools.storage.schema import SCHEMAS

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `catalog` in an empty folder; the catalog is the fixture's unless it is told."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CATALOG", raising=False)

    def command(*arguments: str | Path, catalog: Path = BREAD / "catalog") -> Result:
        result = CliRunner().invoke(main, ["--catalog", str(catalog), *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return command


def test_validate_counts_a_sound_catalog(run: Run) -> None:
    result = run("validate")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"{BREAD}/catalog: 3 resources, 2 topics, 1 note, 1 question, 1 snippet, 0 drafts; "
        "no problem\n"
    )


def test_validate_tells_every_problem_and_ends_with_1(run: Run, tmp_path: Path) -> None:
    folder = write_catalog(
        tmp_path / "catalog", {"a": resource_data("a", level="low"), "b": "title: [bold]x[/bold"}
    )
    result = run("validate", catalog=folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "catalog/resources/a.yml:7: level: found 'low', expected one of beginner, intermediate, "
        "advanced\n"
        "catalog/resources/b.yml:1: not YAML: while parsing a block mapping, did not find "
        "expected key\n"
        "2 problems\n"
    )


@pytest.mark.parametrize("command", ["validate", "fmt", "list", "export", "pages out", "show x"])
def test_no_folder_is_no_catalog(command: str, run: Run, tmp_path: Path) -> None:
    result = run(*command.split(), catalog=tmp_path / "nowhere")
    assert (result.exit_code, result.stdout) == (2, "")
    assert str(tmp_path / "nowhere") in result.stderr
    assert "expected" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_catalog(run: Run, tmp_path: Path) -> None:
    (tmp_path / "catalog").write_text("x")
    result = run("validate", catalog=tmp_path / "catalog")
    assert result.exit_code == 2
    assert "found no folder here, expected a catalog" in result.stderr


def test_list_is_a_line_a_resource_for_other_programs(run: Run) -> None:
    result = run("list")
    assert result.exit_code == 0
    assert result.stderr == "3 of 3\n"
    assert result.stdout.splitlines() == [
        "on-gluten\tarticle\ten\tbeginner\t12\tOn Gluten",
        "oven-book\tbook\ten\tadvanced\t600\tThe Hot Box",
        "rye-film\tvideo\tzh\tintermediate\t\t黑麦面包",
    ]


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ("gluten", ["on-gluten"]),
        ("GLUTEN lens", ["on-gluten"]),
        ("面筋", ["on-gluten"]),
        ("gluten oven", []),
        ("--topic baking", ["oven-book", "rye-film"]),
        ("--topic baking --topic kneading --language zh", ["rye-film"]),
        ("--kind book --kind video", ["oven-book", "rye-film"]),
        ("--level beginner", ["on-gluten"]),
        ("--minutes 12", ["on-gluten"]),
        ("--sort newest", ["on-gluten", "oven-book", "rye-film"]),
        ("--sort added", ["on-gluten", "rye-film", "oven-book"]),
        ("--sort title", ["on-gluten", "oven-book", "rye-film"]),
    ],
)
def test_list_filters_and_sorts(arguments: str, ids: list[str], run: Run) -> None:
    result = run("list", *arguments.split())
    assert [line.split("\t")[0] for line in result.stdout.splitlines()] == ids
    assert result.stderr == f"{len(ids)} of 3\n"


def test_list_goes_on_with_what_it_can_read(run: Run, tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "catalog", {"a": resource_data("a"), "b": "["})
    result = run("list", catalog=folder)
    assert (result.exit_code, result.stdout.split("\t")[0]) == (0, "a")
    assert result.stderr == "1 problem; see `catalog validate`\n1 of 1\n"


SHOWN = """\
id           on-gluten
title        On Gluten
title (zh)   谈面筋
address      https://bread.example/gluten
also at      https://bread.example/old-gluten
link         not checked yet
kind         article, beginner, en
authors      Ada Baker
published    2020-03
minutes      12
topics       kneading
summary      Shows gluten under a lens.
             把面筋放到镜头下看。
caveat 1     Wheat only.
             只讲小麦。
note 1       Kitchen note, 面, line 1, ★★★★
added        2026-11-20
"""


def test_show_tells_all_of_one_resource(run: Run) -> None:
    assert run("show", "on-gluten").stdout == SHOWN


CHECKED = {
    "url": "example.org/sourdough",
    "verdict": "dead",
    "since": "2026-11-09",
    "failures": ["2026-11-09", "2026-11-16"],
    "suggest": "https://example.org/new",
    "evidence": [{"kind": "status", "value": "404"}, {"kind": "phrase", "value": "a\n\u202eb"}],
}


def test_show_tells_how_the_last_check_left_the_link_and_why(run: Run, tmp_path: Path) -> None:
    copy = "https://web.archive.org/web/2020/https://example.org/sourdough"
    resources = {"sourdough": resource_data(archive=copy)}
    state = {"state/links.jsonl": json.dumps(CHECKED) + "\n"}
    folder = write_catalog(tmp_path / "catalog", resources, **state)
    shown = run("show", "sourdough", catalog=folder).stdout
    assert (
        f"""\
archive      {copy}
link         dead since 2026-11-09, failing on 2026-11-09, 2026-11-16
             status: 404
             phrase: a b
now at       https://example.org/new
kind """
        in shown
    )


def test_list_knows_how_the_last_check_left_the_links(run: Run, tmp_path: Path) -> None:
    resources = {id: resource_data(id) for id in ("sourdough", "rye")}
    state = {"state/links.jsonl": json.dumps(CHECKED) + "\n"}
    folder = write_catalog(tmp_path / "catalog", resources, **state)
    for link, ids in (("fix", ["sourdough"]), ("unchecked", ["rye"]), ("alive", [])):
        listed = run("list", "--link", link, catalog=folder).stdout.splitlines()
        assert [line.split("\t")[0] for line in listed] == ids
    both = run("list", "--link", "fix", "--link", "unchecked", catalog=folder)
    assert both.stderr == "2 of 2\n"


def test_show_goes_on_where_another_resource_has_no_address(run: Run, tmp_path: Path) -> None:
    resources = {"a": resource_data("a"), "b": resource_data("b", url="javascript:alert(1)")}
    folder = write_catalog(tmp_path / "catalog", resources)
    for id in resources:
        result = run("show", id, catalog=folder)
        assert result.exit_code == 0
        assert "link         not checked yet" in result.stdout


def test_show_tells_every_relation(run: Run, tmp_path: Path) -> None:
    relations = [{"kind": "code-for", "resource": id} for id in ("b", "c")]
    folder = write_catalog(
        tmp_path / "catalog",
        {id: resource_data(id) for id in "bc"} | {"a": resource_data("a", relations=relations)},
    )
    result = run("show", "a", catalog=folder)
    assert "code-for     b\ncode-for     c\n" in result.stdout


def test_show_follows_a_retired_id(run: Run, tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "catalog", {"a": resource_data("a", former_ids=["old"])})
    assert run("show", "old", catalog=folder).stdout.startswith("id           a\n")


def test_show_suggests_what_was_meant(run: Run) -> None:
    result = run("show", "on-gluton")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "found 'on-gluton', expected the id of a resource; did you mean on-gluten?\n"
    )
    assert run("show", "[/]").stderr == "found '[/]', expected the id of a resource\n"


def test_export_writes_json_to_the_terminal_letter_by_letter(run: Run, tmp_path: Path) -> None:
    odd = "a\tb [bold]x[/] :smile: " + "long " * 100
    folder = write_catalog(tmp_path / "catalog", {"a": resource_data("a", title=odd)})
    result = run("export", catalog=folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)[0]["title"] == odd


def test_export_to_a_file_is_whole_or_not_at_all(run: Run, tmp_path: Path) -> None:
    output = tmp_path / "deep/catalog.json"
    result = run("export", "--output", output)
    assert (result.exit_code, result.stdout) == (0, f"written: {output}\n")
    written = output.read_text(encoding="utf-8")
    assert [record["id"] for record in json.loads(written)] == [
        "on-gluten", "oven-book", "rye-film",
    ]  # fmt: skip
    broken = write_catalog(tmp_path / "catalog", **{"resources/bad.yml": "["})
    assert run("export", "--output", output, catalog=broken).exit_code == 1
    assert output.read_text(encoding="utf-8") == written
    assert [path.name for path in output.parent.iterdir()] == ["catalog.json"]


def test_export_knows_its_formats(run: Run) -> None:
    result = run("export", "--format", "xml")
    assert result.exit_code == 2
    assert "'xml' is not" in result.stderr


def test_export_speaks_the_language_that_was_asked_for(run: Run, tmp_path: Path) -> None:
    english, chinese = (
        run("export", "--format", "markdown", "--language", language).stdout
        for language in ("en", "zh")
    )
    assert (english.split("\n")[0], chinese.split("\n")[0]) == ("# Risen", "# 发起来")


def test_export_writes_the_same_bytes_to_the_terminal_and_to_a_file(
    run: Run, tmp_path: Path
) -> None:
    output = tmp_path / "catalog.csv"
    run("export", "--format", "csv", "--output", output)
    assert run("export", "--format", "csv").stdout_bytes == output.read_bytes()


@pytest.mark.parametrize("command", ["export --output", "pages"])
def test_where_nothing_can_be_written_is_said(command: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = run(*command.split(), tmp_path / "file" / "out")
    assert result.exit_code == 2
    assert f"{tmp_path}/file" in result.stderr
    assert "Traceback" not in result.stderr


def untidy(tmp_path: Path) -> Path:
    shuffled = dict(reversed(resource_data("a").items()))
    return write_catalog(
        tmp_path / "catalog",
        {"a": "# mine\n" + as_yaml(shuffled), "b": resource_data("b"), ".draft": "b: 1\na: 1\n"},
    )


def test_fmt_check_only_tells(run: Run, tmp_path: Path) -> None:
    folder = untidy(tmp_path)
    before = (folder / "resources/a.yml").read_text(encoding="utf-8")
    result = run("fmt", "--check", catalog=folder)
    assert result.exit_code == 1
    assert result.stdout == (
        f"out of order: {folder}/resources/a.yml\n2 files, 1 to put in order\n"
    )
    assert (folder / "resources/a.yml").read_text(encoding="utf-8") == before


def test_fmt_puts_in_order_once(run: Run, tmp_path: Path) -> None:
    folder = untidy(tmp_path)
    result = run("fmt", catalog=folder)
    assert result.exit_code == 0
    assert result.stdout == f"put in order: {folder}/resources/a.yml\n2 files, 1 put in order\n"
    assert (folder / "resources/a.yml").read_text(encoding="utf-8") == (
        "# mine\n" + as_yaml(resource_data("a"))
    )
    again = run("fmt", "--check", catalog=folder)
    assert (again.exit_code, again.stdout) == (0, "2 files, 0 to put in order\n")


def test_fmt_leaves_what_it_cannot_read(run: Run, tmp_path: Path) -> None:
    folder = untidy(tmp_path)
    (folder / "resources/flow.yml").write_text("{title: a}")
    (folder / "resources/bad.yml").write_text("a: &x 1\n")
    result = run("fmt", catalog=folder)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"{folder}/resources/bad.yml: left as it is: line 1: found the anchor &x, expected none",
        f"{folder}/resources/flow.yml: left as it is: expected one key a line at the left edge",
    ]
    assert (folder / "resources/flow.yml").read_text() == "{title: a}"


def test_fmt_takes_single_files(run: Run, tmp_path: Path) -> None:
    folder = untidy(tmp_path)
    result = run("fmt", "--check", folder / "resources/b.yml", catalog=folder)
    assert (result.exit_code, result.stdout) == (0, "1 file, 0 to put in order\n")


def test_fmt_without_resources_could_not_run(run: Run, tmp_path: Path) -> None:
    result = run("fmt", catalog=write_catalog(tmp_path / "catalog", {}))
    assert result.exit_code == 2
    assert "found no .yml file, expected resources" in result.stderr


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_prints_one(name: str, run: Run) -> None:
    schema = json.loads(run("schema", name).stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_schema_writes_all_and_says_when_none_changed(run: Run, tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "catalog")
    written = run("schema", "--write", catalog=folder).stdout.splitlines()
    assert written == [f"written: {folder}/schema/{name}.schema.json" for name in SCHEMAS]
    again = run("schema", "--write", catalog=folder)
    assert again.stdout == "all schemas are as the model has them\n"


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_pages_writes_both_languages_and_the_same_twice(run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    result = run("pages", first)
    assert (result.exit_code, result.stderr) == (0, "")
    assert run("pages", second).exit_code == 0
    files = files_below(first)
    assert files == files_below(second)
    assert result.stdout == f"written: {len(files)} files below {first}\n"
    english = {name[3:] for name in files if name.startswith("en/")}
    assert english == {name[3:] for name in files if name.startswith("zh/")}
    assert {"index.md", "learn/kneading.md", "catalog/index.md", "data/catalog.json"} <= english
    assert "# 揉面" in files["zh/learn/kneading.md"].decode() or "揉面" in (
        files["zh/learn/kneading.md"].decode()
    )
    assert b"<!-- block:" not in b"".join(files.values())


def test_pages_of_a_broken_catalog_are_not_made(run: Run, tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "catalog", **{"resources/bad.yml": "["})
    result = run("pages", tmp_path / "out", catalog=folder)
    assert result.exit_code == 1
    assert "catalog/resources/bad.yml:2: not YAML" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_says_what_it_does(command: str, run: Run) -> None:
    result = run(command, "--help")
    first = (main.commands[command].help or "").split("\n")[0].split(".")[0]
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(first) > 20
    assert first[:40] in " ".join(result.stdout.split())
    for option in main.commands[command].params:
        if option.param_type_name == "option" and "--format" not in option.opts:
            assert getattr(option, "help", None) or option.name == "sort", option.name


def test_the_command_itself_says_how_it_ends(run: Run) -> None:
    assert "0 clean, 1 ran and found problems, 2 could not run" in run("--help").stdout
    assert run("--version").stdout.startswith("catalog, version ")


@pytest.mark.parametrize("arguments", ["validat", "list --level low", "list --minutes 0", "show"])
def test_a_wrong_call_could_not_run(arguments: str, run: Run) -> None:
    assert run(*arguments.split()).exit_code == 2


def real(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=60, **more
    )


def test_a_real_process_ends_without_a_traceback(root: Path, tmp_path: Path) -> None:
    folder = write_catalog(
        tmp_path / "catalog", **{"resources/bad.yml": "title: é\n".encode("cp437")}
    )
    done = real(
        "-m", "tools.cli", "validate",
        cwd=root, env={"CATALOG": str(folder), "LC_ALL": "C", "PATH": ""},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "catalog/resources/bad.yml: found the byte 0x82 on line 1, expected UTF-8\n1 problem\n"
    )


CORE = """
import sys
from click.testing import CliRunner
from tools.cli import main
for arguments in (["validate"], ["list"], ["show", "on-gluten"], ["export"], ["fmt", "--check"],
                  ["schema"]):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, (arguments, result.output)
print(*{name.split(".")[0] for name in sys.modules})
"""


def test_the_core_needs_no_engine_no_torch_and_no_network(root: Path) -> None:
    done = real("-c", CORE, cwd=root, env={"CATALOG": str(BREAD / "catalog"), "PATH": ""})
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "tools" in loaded
    site_only = {
        "torch",
        "numpy",
        "matplotlib",
        "mkdocs",
        "material",
        "math_core",
        "nbclient",
        "jieba",
    }
    assert not loaded & (site_only | {"mkdocs_jupyter", "playwright"})
