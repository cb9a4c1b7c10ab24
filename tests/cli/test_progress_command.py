"""`catalog progress` about bread: whole outputs, whole files, and how each command ends."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.builders import read_catalog
from tests.projects import BREAD
from tools.cli import main
from tools.cli.progress import opened
from tools.storage import device
from tools.storage.progress import read_progress

Run = Callable[..., Result]
HEAD = "format: unrolled-progress/1\nevents:\n"
# As another of the reader's devices wrote it, long ago.
PHONE = f"""{HEAD}\
- {{"at":"2026-10-01","device":"phone","n":7,"status":"skimmed","subject":"resource/on-gluten"}}
- {{"at":null,"device":"phone","n":8,"note":"看第二遍","rating":4,"subject":"topic/baking"}}
- {{"at":null,"device":"phone","n":9,"spent":30,"status":"done","subject":"resource/gone"}}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `catalog progress` on a copy of the fixture's catalog; the clock ticks in minutes."""
    shutil.copytree(
        BREAD / "catalog", tmp_path / "catalog", ignore=shutil.ignore_patterns("progress.yml")
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CATALOG", raising=False)
    monkeypatch.setenv("CATALOG_DEVICE_DIR", str(tmp_path / "state"))
    minutes, ids = count(), count(1)
    monkeypatch.setattr(opened, "now", lambda: f"2026-11-20T21:{next(minutes):02}Z")
    monkeypatch.setattr(device, "_new_id", lambda: f"device{next(ids)}")

    def command(*arguments: str | Path, said: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(main, ["progress", *map(str, arguments)], input=said)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return command


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The catalog's own progress file."""
    return tmp_path / "catalog" / "progress.yml"


@pytest.fixture
def phone(tmp_path: Path) -> Path:
    """A file from another device."""
    path = tmp_path / "phone.yml"
    path.write_text(PHONE, encoding="utf-8")
    return path


def done(result: Result, stdout: str, stderr: str = "") -> None:
    assert (result.exit_code, result.stdout, result.stderr) == (0, stdout, stderr)


def refused(result: Result, stderr: str) -> None:
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", stderr)


def test_each_command_appends_one_event_and_says_what_it_noted(run: Run, own: Path) -> None:
    done(run("start", "on-gluten"), "resource/on-gluten: reading\n")
    done(run("done", "resource/on-gluten", "--spent", "45"),
         "resource/on-gluten: done, 45 minutes\n")  # fmt: skip
    done(run("rate", "kneading", "4"), "topic/kneading: ★★★★\n")
    done(run("rate", "kneading", "none"), "topic/kneading: no rating\n")
    done(run("note", "dough/window_pane", "看", "again"),
         "snippet/dough/window_pane: “看 again”\n")  # fmt: skip
    done(run("set", "oven-book", "planned"), "resource/oven-book: planned\n")
    done(run("set", "oven-book", "none"), "resource/oven-book: no status\n")
    assert own.read_text(encoding="utf-8") == (
        f"{HEAD}"
        '- {"at":"2026-11-20T21:00Z","device":"device1","n":1,"status":"reading",'
        '"subject":"resource/on-gluten"}\n'
        '- {"at":"2026-11-20T21:01Z","device":"device1","n":2,"spent":45,"status":"done",'
        '"subject":"resource/on-gluten"}\n'
        '- {"at":"2026-11-20T21:02Z","device":"device1","n":3,"rating":4,'
        '"subject":"topic/kneading"}\n'
        '- {"at":"2026-11-20T21:03Z","device":"device1","n":4,"rating":null,'
        '"subject":"topic/kneading"}\n'
        '- {"at":"2026-11-20T21:04Z","device":"device1","n":5,"note":"看 again",'
        '"subject":"snippet/dough/window_pane"}\n'
        '- {"at":"2026-11-20T21:05Z","device":"device1","n":6,"status":"planned",'
        '"subject":"resource/oven-book"}\n'
        '- {"at":"2026-11-20T21:06Z","device":"device1","n":7,"status":null,'
        '"subject":"resource/oven-book"}\n'
    )
    assert read_catalog(own.parent).progress == read_progress(own).progress.events


def test_a_note_comes_from_standard_input_too_and_goes_with_an_empty_one(
    run: Run, own: Path
) -> None:
    done(run("note", "baking", "-", said="first\n\x1b[31msecond\n"),
         "topic/baking: “first [31msecond”\n")  # fmt: skip
    assert read_progress(own).progress.events[0].fields["note"] == "first\n\x1b[31msecond"
    done(run("note", "baking", " "), "topic/baking: no note\n")
    done(run("note", "baking", "-", said=b"\xef\xbb\xbf\xffa\r\nb"), "topic/baking: “�a b”\n")
    done(run("note", "baking", "\udcffx"), "topic/baking: “�x”\n")


SHOWN = """\
reading: 2 subjects, 10 minutes
  Kneading: 2 subjects, 10 minutes
    resource/on-gluten  On Gluten
      since 2026-11-20
    snippet/dough/window_pane  The window pane
      since 2026-11-20, 10 minutes
done: 2 subjects, 90 minutes
  Baking: 1 subject, 60 minutes
    resource/oven-book  The Hot Box
      since 2026-11-20, 60 minutes, ★★★★★
  not in the catalog: 1 subject, 30 minutes
    resource/gone
      30 minutes
no status: 1 subject
  Baking: 1 subject
    topic/baking  Baking
      ★★★★
      “看第二遍”
all: 5 subjects, 100 minutes
"""


def several(run: Run, phone: Path) -> None:
    """Something of every status and kind."""
    assert run("merge", phone).exit_code == 0
    for arguments in (
        "start on-gluten", "done oven-book --spent 60", "rate oven-book 5",
        "start dough/window_pane --spent 10",
    ):  # fmt: skip
        assert run(*arguments.split()).exit_code == 0


def test_show_tells_all_by_status_and_topic_with_totals(run: Run, phone: Path) -> None:
    done(run("show"), "", "catalog/progress.yml: nothing recorded yet; `catalog progress start ID` "
         "begins\n")  # fmt: skip
    several(run, phone)
    done(run("show"), SHOWN)
    done(
        run("show", "--file", phone),
        """\
done: 1 subject, 30 minutes
  not in the catalog: 1 subject, 30 minutes
    resource/gone
      30 minutes
skimmed: 1 subject
  Kneading: 1 subject
    resource/on-gluten  On Gluten
      since 2026-10-01
no status: 1 subject
  Baking: 1 subject
    topic/baking  Baking
      ★★★★
      “看第二遍”
all: 3 subjects, 30 minutes
""",
    )


def test_show_tells_one_subject_with_its_events_and_what_took_them_back(run: Run) -> None:
    run("done", "on-gluten", "--spent", "45")
    run("note", "on-gluten", "see p. 4")
    run("start", "rye-film")
    run("undo", "device1", "1")
    done(
        run("show", "on-gluten"),
        """\
resource/on-gluten  On Gluten
  no status
  “see p. 4”
    device1 1, 2026-11-20T21:00Z: done, 45 minutes (no longer counts)
    device1 2, 2026-11-20T21:01Z: “see p. 4”
    device1 4, 2026-11-20T21:03Z: undo device1 1
""",
    )


def test_show_goes_on_with_what_it_can_read_and_tells_the_rest_by_line(run: Run, own: Path) -> None:
    own.write_text(f'{PHONE}- {{"device":"d","n":-1,"subject":"topic/baking"}}\n', "utf-8")
    result = run("show")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "all: 3 subjects, 30 minutes")
    assert result.stderr.splitlines()[-1] == (
        "catalog/progress.yml:6: events[3].n: found -1, expected a whole number from 1 to "
        "2147483647"
    )


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("gluten", "; did you mean resource/on-gluten?"),
        ("resource/on-glutem", "; did you mean resource/on-gluten?"),
        ("window_pane", "; did you mean snippet/dough/window_pane?"),
        ("kneadin", "; did you mean topic/kneading?"),
        ("croissant", ""),
        ("a\x1bb", ""),
    ],
)
def test_a_subject_nobody_knows_is_not_recorded(
    subject: str, told: str, run: Run, own: Path
) -> None:
    wanted = "expected the id of a resource, topic or snippet"
    refused(run("done", subject), f"found {subject!r}, {wanted}{told}\n")
    assert not own.exists()


def test_an_id_that_two_kinds_have_is_asked_for_with_its_kind(run: Run, tmp_path: Path) -> None:
    shutil.copy(
        tmp_path / "catalog/resources/rye-film.yml", tmp_path / "catalog/resources/baking.yml"
    )
    result = run("done", "baking")
    assert result.exit_code == 2
    assert result.stderr.endswith("found 'baking', expected one of topic/baking, resource/baking\n")
    assert run("done", "topic/baking").stdout == "topic/baking: done\n"


def test_a_former_id_is_recorded_under_the_one_of_today(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "catalog/resources/on-gluten.yml"
    file.write_text(f"{file.read_text(encoding='utf-8')}former_ids: [gluten]\n", encoding="utf-8")
    done(run("done", "gluten"), "resource/on-gluten: done\n")
    done(run("start", "resource/gluten"), "resource/on-gluten: reading\n")


def test_an_id_that_left_the_catalog_can_still_be_spoken_of(run: Run, phone: Path) -> None:
    done(run("set", "gone", "none", "--file", phone), "resource/gone: no status\n")
    assert run("set", "gone", "none").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("done on-gluten --spent -4", "spent: found -4, expected whole minutes from 0 to 100000\n"),
        ("done on-gluten --spent 100001",
         "spent: found 100001, expected whole minutes from 0 to 100000\n"),
        ("undo", "catalog/progress.yml: found nothing recorded here that still counts\n"),
        ("undo device1", "found 'device1', expected the device and number of an event that still "
         "counts\n"),
        ("undo device1 4", "found 'device1 4', expected the device and number of an event that "
         "still counts\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_ends_with_2_and_leaves_no_file(
    arguments: str, told: str, run: Run, own: Path
) -> None:
    refused(run(*arguments.split()), told)
    assert not own.exists()


@pytest.mark.parametrize(
    "arguments",
    ["rate on-gluten 6", "rate on-gluten", "set on-gluten read", "done", "note baking", "merge",
     "merge nowhere.yml", "export --format xml", "start on-gluten --spent long"],
)  # fmt: skip
def test_a_wrong_call_could_not_run(arguments: str, run: Run, own: Path) -> None:
    assert run(*arguments.split()).exit_code == 2
    assert not own.exists()


@pytest.mark.parametrize(
    "text",
    [f"{PHONE}more: 1\n", PHONE.replace("/1", "/2"), "[", "hello\n", f"{PHONE}- [\n"],
)
def test_nothing_is_written_where_something_would_be_lost(text: str, run: Run, own: Path) -> None:
    own.write_text(text, encoding="utf-8")
    for arguments in ("done on-gluten", f"merge {own}"):
        result = run(*arguments.split())
        assert result.exit_code == 2
        assert "mend it, then try again" in result.stderr
    assert own.read_text(encoding="utf-8") == text
    exported = run("export")
    assert (exported.exit_code, exported.stdout) == (1, "")
    assert "catalog/progress.yml:" in exported.stderr


def test_no_folder_for_the_device_no_event(
    run: Run, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATALOG_DEVICE_DIR", str(tmp_path / "catalog/topics.yml/inside"))
    result = run("done", "on-gluten")
    assert (result.exit_code, own.exists()) == (2, False)
    assert "topics.yml/inside" in result.stderr


def test_without_a_folder_of_its_own_the_command_uses_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATALOG_DEVICE_DIR", "")
    monkeypatch.setattr(sys.modules["platformdirs"], "user_state_path", lambda name, **_: name)
    assert opened.state_folder() == "unrolled"
    monkeypatch.setenv("CATALOG_DEVICE_DIR", str(tmp_path))
    assert opened.state_folder() == tmp_path


def test_another_branch_is_written_by_another_device(run: Run, own: Path) -> None:
    run("start", "on-gluten")
    own.rename("elsewhere.yml")
    run("done", "on-gluten")
    assert run("merge", "elsewhere.yml").stdout.splitlines()[1] == "adds 1 event"
    assert [event.key for event in read_progress(own).progress.events] == [
        ("device1", 1), ("device2", 1)
    ]  # fmt: skip


def test_undo_goes_back_step_by_step_and_is_itself_undone_by_its_key(run: Run) -> None:
    run("start", "on-gluten")
    run("done", "on-gluten", "--spent", "45")
    done(run("undo"), "undone: resource/on-gluten: done, 45 minutes\n",
         "`catalog progress undo device1 3` takes that back\n")  # fmt: skip
    assert run("show").stdout.startswith("reading: 1 subject\n")
    done(run("undo"), "undone: resource/on-gluten: reading\n",
         "`catalog progress undo device1 4` takes that back\n")  # fmt: skip
    assert run("show").stdout == ""
    assert run("undo").exit_code == 2
    done(run("undo", "device1", "3"), "undone: undo device1 2\n",
         "`catalog progress undo device1 5` takes that back\n")  # fmt: skip
    assert run("show").stdout.startswith("done: 1 subject, 45 minutes\n")


def test_undo_leaves_alone_what_another_device_did_last(run: Run, phone: Path) -> None:
    run("start", "on-gluten")
    run("merge", phone)
    assert run("undo").stdout == "undone: resource/on-gluten: reading\n"
    assert run("undo", "phone", "9").stdout == "undone: resource/gone: done, 30 minutes\n"


def test_forget_strips_every_note_and_keeps_the_rest_of_what_was_said(
    run: Run, own: Path, phone: Path
) -> None:
    own.write_text(
        PHONE + '- {"device":"tablet","n":9,"note":"secret","at":5,"subject":"topic/baking"}\n'
        '- {"device":"tablet","n":0,"note":"lost","subject":"topic/baking"}\n',
        encoding="utf-8",
    )
    run("note", "baking", "private")
    run("undo")
    result = run("forget", "baking")
    assert (result.exit_code, result.stdout) == (
        0,
        """\
forgotten: phone 8
forgotten: device1 10, 2026-11-20T21:00Z
forgotten: tablet 9
""",
    )
    assert result.stderr.splitlines()[1:] == [
        "catalog/progress.yml: 1 broken event on topic/baking may still hold a note"
    ]
    text = own.read_text(encoding="utf-8")
    assert [word for word in ("看第二遍", "private", "secret") if word in text] == []
    assert '- {"at":null,"device":"device1","n":12,"rating":4,"subject":"topic/baking"}\n' in text
    assert run("merge", phone).exit_code == 0
    assert "看第二遍" not in own.read_text(encoding="utf-8")
    assert "    topic/baking  Baking\n      ★★★★\n" in run("show").stdout
    again = run("forget", "baking")
    assert (again.stdout, own.read_text(encoding="utf-8")) == ("", text)
    assert "topic/baking: no note to forget\n" in again.stderr


def test_forget_says_again_only_what_still_counts(run: Run, own: Path) -> None:
    own.write_text(
        f'{HEAD}- {{"device":"a","n":1,"note":"x","spent":5,"status":"done","rating":2,'
        '"subject":"topic/baking"}\n'
        '- {"device":"a","n":2,"status":"review","subject":"topic/baking"}\n'
        '- {"device":"a","n":3,"note":"y","spent":7,"subject":"topic/baking"}\n'
        '- {"device":"a","n":4,"undo":["a",3]}\n',
        encoding="utf-8",
    )
    assert run("forget", "baking").stdout == "forgotten: a 1\nforgotten: a 3\n"
    said = [event.fields for event in read_progress(own).progress.events if event.n == 5]
    assert [one.items() - {("device", "device1"), ("n", 5)} for one in said] == [
        {("at", "2026-11-20T21:00Z"), ("subject", "topic/baking"), ("rating", 2), ("spent", 5)}
    ]
    assert run("show", "baking").stdout.startswith(
        "topic/baking  Baking\n  review\n  5 minutes, ★★\n"
    )


def test_merge_says_what_it_adds_then_adds_it_once(run: Run, own: Path, phone: Path) -> None:
    for arguments in ("start on-gluten", "rate baking 4", "start rye-film"):
        run(*arguments.split())
    before = own.read_text(encoding="utf-8")
    preview = f"""\
{phone}: 3 events, 0 of them known
adds 3 events
conflict: resource/on-gluten: reading (device1 1, 2026-11-20T21:00Z) here, \
skimmed (phone 7, 2026-10-01) there; skimmed stands, both are kept
"""
    done(run("merge", "--check", phone), preview)
    assert own.read_text(encoding="utf-8") == before
    twice = run("merge", "--check", phone, phone).stdout.splitlines()
    assert twice[1:3] == [f"{phone}: 3 events, 3 of them known", "adds 3 events"]
    done(run("merge", phone), f"{preview}written: catalog/progress.yml\n")
    assert own.read_text(encoding="utf-8") == before + PHONE.removeprefix(HEAD)
    done(
        run("merge", phone, phone),
        f"""\
{phone}: 3 events, 3 of them known
{phone}: 3 events, 3 of them known
adds 0 events
written: catalog/progress.yml
""",
    )
    assert own.read_text(encoding="utf-8") == before + PHONE.removeprefix(HEAD)


def test_merge_into_another_file_leaves_the_own_one_and_loses_nothing_there(
    run: Run, own: Path, phone: Path, tmp_path: Path
) -> None:
    run("start", "on-gluten")
    before, out = own.read_bytes(), tmp_path / "out" / "all.yml"
    result = run("merge", phone, "--output", out)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, f"written: {out}")
    assert own.read_bytes() == before
    events = read_progress(out).progress.events
    assert [event.key for event in events] == [
        ("device1", 1), ("phone", 7), ("phone", 8), ("phone", 9)
    ]  # fmt: skip
    run("undo", "--file", out)
    assert "adds 0 events\n" in run("merge", phone, "--output", out, "--check").stdout
    standing = out.read_bytes()
    run("merge", phone, "--output", out)
    assert out.read_bytes() == standing


def test_merge_reports_what_is_no_event_with_its_line_and_keeps_it(
    run: Run, own: Path, tmp_path: Path
) -> None:
    strange = '{"device":"d","later":[1.50],"n":1,"status":"read"}'
    (tmp_path / "a.yml").write_text(f"{HEAD}- {strange}\n- hello\n", encoding="utf-8")
    (tmp_path / "b.json").write_text('{"format":"unrolled-progress/2","events":[\n{"n":1}]}')
    result = run("merge", "a.yml", "b.json")
    assert result.exit_code == 1
    told = [line.split(", expected")[0] for line in result.stderr.splitlines()]
    assert told == [
        "a.yml:3: events[0].status: found 'read'",
        "a.yml:4: events[1]: found 'hello'",
        "b.json: format: found 'unrolled-progress/2'",
        "b.json:2: events[0].device: found None",
    ]
    assert own.read_text(encoding="utf-8") == f'{HEAD}- "hello"\n- {strange}\n- {{"n":1}}\n'
    again = run("merge", "b.json")
    assert "3 values here that are no events are kept as they are\n" in again.stderr


def test_merge_tells_what_it_strips_and_not_every_conflict(
    run: Run, own: Path, tmp_path: Path
) -> None:
    def write(path: Path, device: str, more: str = "") -> None:
        lines = [
            f'- {{"device":"{device}","n":{n},"rating":{len(device)},"subject":"topic/t{n:02}"}}\n'
            for n in range(1, 24)
        ]
        path.write_text("".join([HEAD, *lines, more]), encoding="utf-8")

    write(own, "a")
    write(tmp_path / "bb.yml", "bb", '- {"device":"bb","forget":["a",1],"n":24}\n')
    lines = run("merge", "bb.yml").stdout.splitlines()
    assert lines[:4] == [
        "bb.yml: 24 events, 0 of them known",
        "adds 24 events",
        "strips 1 event that somebody wants forgotten",
        "conflict: topic/t02: ★ (a 2) here, ★★ (bb 2) there; ★★ stands, both are kept",
    ]
    assert (len(lines), lines[-2]) == (3 + 20 + 2, "and 2 more conflicts")


MARKDOWN = """\
# Reading log

5 in all · 100′

## Reading now · 2 · 10′

### Kneading · 2 · 10′

- [On Gluten](https://bread.example/gluten) · 2026-11-20
- The window pane · code · 2026-11-20 · 10′

## Done · 2 · 90′

### Baking · 1 · 60′

- [The Hot Box](https://books.example/hot-box) · 2026-11-20 · 60′ · ★★★★★

### Not in the catalog · 1 · 30′

- resource/gone · 30′

## Without a status · 1

### Baking · 1

- Baking · topic · ★★★★☆
  - 看第二遍
"""
CHINESE = """\
# 阅读记录

一共5项 · 100′

## 在读 · 2 · 10′

### 揉面 · 2 · 10′

- [谈面筋](https://bread.example/gluten) · 2026-11-20
- 手套膜 · 代码 · 2026-11-20 · 10′

## 读完 · 2 · 90′

### 烘烤 · 1 · 60′

- [The Hot Box](https://books.example/hot-box) · 2026-11-20 · 60′ · ★★★★★

### 目录里没有的 · 1 · 30′

- resource/gone · 30′

## 没有标状态 · 1

### 烘烤 · 1

- 烘烤 · 主题 · ★★★★☆
  - 看第二遍
"""
CSV = """\
\ufeffsubject,title,topic,status,since,rating,minutes,note,url,in_catalog
resource/on-gluten,On Gluten,kneading,reading,2026-11-20T21:00Z,,0,,https://bread.example/gluten,true
snippet/dough/window_pane,The window pane,kneading,reading,2026-11-20T21:03Z,,10,,,true
resource/oven-book,The Hot Box,baking,done,2026-11-20T21:01Z,5,60,,https://books.example/hot-box,true
resource/gone,resource/gone,,done,,,30,,,false
topic/baking,Baking,baking,,,4,0,看第二遍,,true
"""


def test_export_makes_a_log_to_keep_in_both_languages_and_a_table(run: Run, phone: Path) -> None:
    several(run, phone)
    done(run("export", "--format", "markdown"), MARKDOWN)
    done(run("export", "--format", "markdown", "--language", "zh"), CHINESE)
    done(run("export", "--format", "csv", "--output", "log.csv"), "written: log.csv\n")
    assert Path("log.csv").read_bytes().decode() == CSV.replace("\n", "\r\n")


def test_export_of_nothing_says_so(run: Run) -> None:
    done(run("export", "--format", "markdown"), "# Reading log\n\nNothing recorded yet.\n")
    done(run("export"), '{"format":"unrolled-progress/1","events":[]}\n')


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_what_is_exported_comes_back_whole_strange_values_too(
    form: str, run: Run, own: Path, phone: Path
) -> None:
    strange = '- {"device":"d","n":1,"status":"read"}\n'
    own.write_text(f"{PHONE}{strange}", encoding="utf-8")
    result = run("export", "--format", form, "--output", "out")
    assert (result.exit_code, result.stdout) == (0, "written: out\n")
    assert "catalog/progress.yml:6: events[3].status: " in result.stderr
    assert run("merge", "out", "--file", "new.yml").exit_code == 1
    assert Path("new.yml").read_text(encoding="utf-8") == f"{PHONE}{strange}"


def test_no_catalog_is_needed_to_merge_undo_and_carry_events(
    run: Run, phone: Path, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "catalog")
    assert run("merge", phone, "--file", "a.yml").exit_code == 0
    assert run("export", "--format", "yaml", "--file", "a.yml").stdout == PHONE
    assert run("undo", "phone", "9", "--file", "a.yml").exit_code == 0
    told = "catalog: found no folder here, expected a catalog (see --catalog)\n"
    for arguments in ("show --file a.yml", "merge a.yml", "undo", "export"):
        refused(run(*arguments.split()), told)
    assert not (tmp_path / "catalog").exists()


MANY = """
import sys
from tools.cli import main
for n in range(int(sys.argv[1])):
    main(["progress", "done", "on-gluten", "--spent", "1"], standalone_mode=False)
"""


def test_two_processes_at_once_lose_nothing(run: Run, own: Path, root: Path) -> None:
    environment = {
        "CATALOG": str(own.parent),
        "CATALOG_DEVICE_DIR": str(own.parent.parent / "state"),
        "PATH": "",
    }
    each = 12
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MANY, str(each)],
            cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert [process.communicate(timeout=120)[1] for process in processes] == [b"", b""]
    events = read_progress(own).progress.events
    assert [event.n for event in events] == [*range(1, 2 * each + 1)]
    assert len({event.device for event in events}) == 1
    assert run("undo").exit_code == 0
