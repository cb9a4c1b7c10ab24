"""`[tool.catalog.links]`: read whole, or every wrong value told at its line."""

from datetime import date
from pathlib import Path

import pytest

from tools.model.exclude import Exclude
from tools.storage.link_settings import LinkSettings, read_link_settings

TODAY = date(2026, 11, 20)
TABLE = "[project]\nname = 'x'\n\n[tool.catalog.links]\n"
EXCLUDE = 'pattern = "x.example/p/*"\nreason = "no"\nuntil = {until}\n'


def read(folder: Path, text: str) -> tuple[LinkSettings, list[str]]:
    file = folder / "pyproject.toml"
    file.write_text(text, encoding="utf-8")
    settings, problems = read_link_settings(file, TODAY)
    return settings, [str(problem) for problem in problems]


@pytest.mark.parametrize("text", ["", "[tool.other]\nworkers = 0\n", "[tool.catalog.links]\n"])
def test_what_is_not_said_is_left_to_the_checker(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, text) == (LinkSettings(), [])
    assert read_link_settings(tmp_path / "none.toml", TODAY) == (LinkSettings(), [])


def test_every_setting_is_read(tmp_path: Path) -> None:
    text = (
        f"{TABLE}workers = 8\nper_host = 2\nrate = 0.5\ndeadline = 5\nmax_seconds = 60.5\n"
        "fail_after = 3\nover = 7\nallow_network = ['10.0.0.0/8', '::1']\n"
        f"[[tool.catalog.links.exclude]]\n{EXCLUDE.format(until='2026-11-20')}"
    )
    assert read(tmp_path, text) == (
        LinkSettings(
            workers=8, per_host=2, rate=0.5, deadline=5, max_seconds=60.5, fail_after=3, over=7,
            allow_network=("10.0.0.0/8", "::1"),
            exclude=(Exclude(pattern="x.example/p/*", reason="no", until="2026-11-20"),),
        ),
        [],
    )  # fmt: skip


def test_a_link_is_left_out_by_the_exclude_that_covers_it(tmp_path: Path) -> None:
    text = f"{TABLE}[[tool.catalog.links.exclude]]\n{EXCLUDE.format(until='2027-01-01')}"
    settings, _ = read(tmp_path, text)
    assert settings.excluding("https://x.example/p/1") == settings.exclude[0]
    assert settings.excluding("https://x.example/q") is None


def test_an_exclude_whose_day_is_over_is_told_and_leaves_nothing_out(tmp_path: Path) -> None:
    pieces = [
        f"[[tool.catalog.links.exclude]]\n{EXCLUDE.format(until=until)}"
        for until in ("'2026-11-20'", "'2026-11-19'", "2027-01-01", "2026-11-19")
    ]
    settings, problems = read(tmp_path, TABLE + "".join(pieces))
    assert [exclude.until for exclude in settings.exclude] == ["2026-11-20", "2027-01-01"]
    told = (
        "found '2026-11-19', which is over; look whether 'x.example/p/*' can be checked now, "
        "or name a later day"
    )
    assert problems == [
        f"pyproject.toml:12: exclude[1].until: {told}",
        f"pyproject.toml:20: exclude[3].until: {told}",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("workers = 0", ":5: workers: found 0, expected a positive number"),
        ("\nrate = inf", ":6: rate: found inf, expected a positive number"),
        ("over = -1", ":5: over: found -1, expected a number of days"),
        ("per_host = '4'", ":5: per_host: found '4', expected a whole number"),
        ("per_host = 2\nhost = 4", ":6: host: found the unknown key 'host', expected a key of"),
        ("allow_network = ['a']",
         ":5: allow_network[0]: found 'a', expected a network such as 10.0.0.0/8"),
        ("exclude = 'x'", ":5: exclude: found 'x', expected a list"),
        ("exclude = [\n  {pattern = 'x', reason = 'y', until = '2027-01-01'},\n"
         "  {pattern = 'x', until = '2027-01-01'},\n]", ":7: exclude[1]: reason is missing"),
        ("exclude = [\n  {pattern = 'x', reason = 'y'},\n]", ":6: exclude[0]: until is missing"),
        ("[[tool.catalog.links.exclude]]\nreason = 'y'\npattern = '*'\nuntil = 2027-01-01",
         ":7: exclude[0].pattern: found '*', expected a host, host/path* or a whole address"),
        ("[[tool.catalog.links.exclude]]\npattern = 'x'\nreason = ' '\nuntil = 2027-01-01",
         ":7: exclude[0].reason: found ' ', expected why it is not to be checked"),
        ("[[tool.catalog.links.exclude]]\npattern = 'x'\nreason = 'y'\nuntil = 'soon'",
         ":8: exclude[0].until: found 'soon', expected a day: 2026-11-20"),
        ("[[tool.catalog.links.exclude]]\npattern = 'x'\nreason = 'y'\nuntil = '2027-13-01'",
         ":8: exclude[0].until: found '2027-13-01', expected a day: 2026-11-20"),
        ("workers = ", ":5: not TOML: "),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_at_its_line_and_no_setting_counts(
    text: str, problem: str, tmp_path: Path
) -> None:
    settings, problems = read(tmp_path, f"{TABLE}{text}\n")
    assert [told.startswith(f"pyproject.toml{problem}") for told in problems] == [True], problems
    assert settings == LinkSettings()


def test_lines_of_other_tables_are_not_taken_for_these(tmp_path: Path) -> None:
    others = "[a]\nworkers = 1\n\n[tool.catalog.linksmith]\nworkers = 2\n"
    assert read(tmp_path, f"{others}{TABLE}workers = 0\n")[1] == [
        "pyproject.toml:10: workers: found 0, expected a positive number"
    ]


def test_a_table_that_is_none_of_the_settings_is_told_at_its_head(tmp_path: Path) -> None:
    _, problems = read(tmp_path, f"{TABLE}over = 0\n[tool.catalog.links.x]\n")
    assert problems == [
        "pyproject.toml:4: x: found the unknown key 'x', expected a key of the format"
    ]


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"\xff")
    _, (problem,) = read_link_settings(tmp_path / "pyproject.toml", TODAY)
    assert str(problem) == "pyproject.toml: found the byte 0xff on line 1, expected UTF-8"


def test_this_project_has_settings_without_a_problem(root: Path) -> None:
    _, problems = read_link_settings(root / "pyproject.toml", date.min)
    assert problems == []
