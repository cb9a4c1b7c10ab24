"""Every rule of a catalog: a wrong value is one problem at its line, its good neighbour none."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders import (
    ABSENT,
    note_data,
    problems_of,
    question_data,
    resource_data,
    site_data,
    snippet_data,
    topic_data,
    words,
    write_catalog,
)

R = "catalog/resources/sourdough.yml"
LONG = "x" * 61


def changed(**fields: Any) -> dict[str, Any]:
    return {"resources/sourdough.yml": resource_data(**fields)}


def topics(id: str = "baking", **fields: Any) -> dict[str, Any]:
    return {"topics": [topic_data("dough"), topic_data(id, **fields)]}


def questions(**fields: Any) -> dict[str, Any]:
    return {"questions": [question_data(**fields)]}


def snippets(**fields: Any) -> dict[str, Any]:
    return {"snippets": [snippet_data(**fields)]}


def site(**fields: Any) -> dict[str, Any]:
    return {"site": site_data(**fields)}


def shelf(**fields: Any) -> dict[str, Any]:
    return {"notes/shelf.yml": note_data(**fields)}


RESOURCE = [
    ({"title": ABSENT}, ":1: title is missing"),
    ({"summary": {"en": "only"}}, ":8: summary: zh is missing"),
    ({"title": " "}, ":1: title: found ' ', expected a title"),
    ({"title": 7}, ":1: title: found 7, expected text"),
    ({"title": None}, ":1: title: found None, expected text"),
    ({"titel": "x"}, ":12: titel: found the unknown key 'titel', expected a key of the format"),
    ({"titles": {"zh": ""}}, ":13: titles.zh: found '', expected a title"),
    ({"titles": {"zh_CN": "x"}},
     ":13: titles.zh_CN: found 'zh_CN', expected a language tag such as en or zh-Hans"),
    ({"titles": ["x"]}, ":12: titles: found ['x'], expected keys with values"),
    ({"url": "javascript:alert(1)"},
     ":2: url: found 'javascript:alert(1)', expected an http or https address"),
    ({"url": "file:///etc/passwd"},
     ":2: url: found 'file:///etc/passwd', expected an http or https address"),
    ({"url": "data:text/html,x"},
     ":2: url: found 'data:text/html,x', expected an http or https address"),
    ({"url": "//example.org/x"},
     ":2: url: found '//example.org/x', expected an http or https address"),
    ({"url": "https://exam ple.org/x"},
     ":2: url: found 'https://exam ple.org/x', expected an http or https address"),
    ({"url": "https://example.org:port/"},
     ":2: url: found 'https://example.org:port/', expected an http or https address"),
    ({"url": "https://example.org\\@evil.example/"},
     ":2: url: found 'https://example.org\\\\@evil.example/', expected an http or https address"),
    ({"aliases": ["https://example.org/a", "JavaScript:alert(1)"]},
     ":14: aliases[1]: found 'JavaScript:alert(1)', expected an http or https address"),
    ({"archive": "data:x"}, ":12: archive: found 'data:x', expected an http or https address"),
    ({"aliases": ["https://example.org/a", "https://example.org/a"]},
     ":14: aliases[1]: found 'https://example.org/a' twice, expected every address once"),
    ({"aliases": ["https://example.org/sourdough"]},
     ":13: aliases[0]: found 'https://example.org/sourdough' twice, expected every address once"),
    ({"kind": "blog"}, ":3: kind: found 'blog', expected one of article, tutorial, paper, video, "
     "course, book, documentation, code, notebook, interactive"),
    ({"level": "beginer"},
     ":7: level: found 'beginer', expected one of beginner, intermediate, advanced"),
    ({"access": "open"}, ":12: access: found 'open', expected one of free, login, paywall"),
    ({"language": "english language"},
     ":4: language: found 'english language', expected a language tag such as en or zh-Hans"),
    ({"authors": "Ann"}, ":12: authors: found 'Ann', expected a list"),
    ({"authors": ["Ann", None]}, ":14: authors[1]: found None, expected text"),
    ({"published": 2018}, ":12: published: found 2018, expected text"),
    ({"published": "2018-13"},
     ":12: published: found '2018-13', expected a year, a month or a day: 2018-06-27"),
    ({"published": "２０１８"},
     ":12: published: found '２０１８', expected a year, a month or a day: 2018-06-27"),
    ({"published": "2018-02-30"},
     ":12: published: found '2018-02-30', expected a year, a month or a day: 2018-06-27"),
    ({"published": "June 2018"},
     ":12: published: found 'June 2018', expected a year, a month or a day: 2018-06-27"),
    ({"added": "2026-01"}, ":11: added: found '2026-01', expected a day: 2026-11-20"),
    ({"added": "0000-01-01"}, ":11: added: found '0000-01-01', expected a day: 2026-11-20"),
    ({"topics": []}, ":5: topics: found [], expected at least one topic"),
    ({"topics": "dough"}, ":5: topics: found 'dough', expected a list"),
    ({"topics": ["dogh"]},
     ":6: topics[0]: found 'dogh', expected a known topic: one of baking, dough"),
    ({"topics": ["dough", "dough"]}, ":7: topics[1]: found 'dough' twice, expected it once"),
    ({"minutes": 0}, ":12: minutes: found 0, expected a positive number of minutes"),
    ({"minutes": 1.5}, ":12: minutes: found 1.5, expected a whole number"),
    ({"minutes": "9"}, ":12: minutes: found '9', expected a whole number"),
    ({"minutes": True}, ":12: minutes: found True, expected a whole number"),
    ({"frameworks": ["stove"]},
     ":13: frameworks[0]: found 'stove', expected a known framework: oven"),
    ({"reach": "everywhere"}, ":12: reach: found 'everywhere', expected a list"),
    ({"summary": "text"}, ":8: summary: found 'text', expected keys with values"),
    ({"summary": {"en": " ", "zh": "x"}}, ":9: summary.en: found ' ', expected words"),
    ({"summary": {"en": "x", "zh": "x", "de": "x"}},
     ":11: summary.de: found the unknown key 'de', expected a key of the format"),
    ({"caveats": [words("a"), {"en": "x", "zh": ""}]},
     ":16: caveats[1].zh: found '', expected words"),
    ({"relations": [{"kind": "code-of", "resource": "rye"}]},
     ":13: relations[0].kind: found 'code-of', expected one of code-for, translation-of, "
     "next-in-series, supersedes"),
    ({"relations": [{"kind": "code-for", "resource": "rye"}]},
     ":14: relations[0].resource: found 'rye', expected a known resource: sourdough"),
    ({"relations": [{"kind": "code-for", "resource": "sourdough"}]},
     ":14: relations[0].resource: found 'sourdough', expected another resource"),
    ({"answers": ["why"]}, ":13: answers[0]: found 'why', expected a known question: why-knead"),
    ({"mentions": [{"note": "self"}]},
     ":13: mentions[0].note: found 'self', expected a known note: shelf"),
    ({"mentions": [{"note": "shelf", "rating": 6}]},
     ":14: mentions[0].rating: found 6, expected one of 1, 2, 3, 4, 5"),
    ({"mentions": [{"note": "shelf", "highlight": "yes"}]},
     ":14: mentions[0].highlight: found 'yes', expected true or false"),
    ({"mentions": [{"note": "shelf", "line": 0}]},
     ":14: mentions[0].line: found 0, expected a line number of 1 or more"),
    ({"former_ids": ["sourdough"]},
     ":13: former_ids[0]: found 'sourdough', which is in use, expected a retired id"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "problem"), RESOURCE, ids=lambda value: str(value)[:60])
def test_a_resource_says_what_is_wrong_with_it(
    fields: dict[str, Any], problem: str, tmp_path: Path
) -> None:
    folder = write_catalog(tmp_path / "catalog", **changed(**fields))
    assert problems_of(folder) == [f"{R}{problem}"]


GOOD_RESOURCE: list[dict[str, Any]] = [
    {"titles": {"zh-Hans": "x", "pt-BR": "y"}},
    {"language": "zh-Hant"},
    {"aliases": ["http://www.example.org/sourdough/", "https://example.org/old?x=1"]},
    {"archive": "https://web.archive.org/web/2020/https://example.org/sourdough"},
    {"published": "2018"}, {"published": "2018-06"}, {"published": "2020-02-29"},
    {"added": "2024-02-29"},
    {"topics": ["baking", "dough"]},
    {"minutes": 1}, {"minutes": None},
    {"frameworks": ["oven"]},
    {"access": None}, {"access": "paywall"},
    {"summary": {"en": "  a  ", "zh": "甲\n"}},
    {"answers": ["why-knead"]},
    {"mentions": [{"note": "shelf", "rating": 5, "read": True, "line": 1, "says": words("x")}]},
    {"former_ids": ["leaven"]},
    {"aliases": [], "authors": [], "caveats": [], "published": "", "titles": {}},
]  # fmt: skip


@pytest.mark.parametrize("fields", GOOD_RESOURCE, ids=str)
def test_a_sound_resource_has_no_problem(fields: dict[str, Any], tmp_path: Path) -> None:
    assert problems_of(write_catalog(tmp_path / "catalog", **changed(**fields))) == []


OTHERS = [
    (topics(id="dough"), "topics.yml:9: [1].id: found 'dough' twice, expected every id once"),
    (topics(id="Bake it"),
     "topics.yml:9: [1].id: found 'Bake it', expected an id of a-z, 0-9 and -"),
    (topics(id="bake/it"),
     "topics.yml:9: [1].id: found 'bake/it', expected an id of a-z, 0-9 and -"),
    (topics(era="last"), "topics.yml:10: [1].era: found 'last', expected a known era: first"),
    (topics(requires=["dogh"]),
     "topics.yml:18: [1].requires[0]: found 'dogh', expected a known topic: one of baking, dough"),
    (topics(requires=["dough", "dough"]),
     "topics.yml:19: [1].requires[1]: found 'dough' twice, expected it once"),
    (topics(requires=["baking"]),
     "topics.yml:17: [1].requires: found the cycle baking → baking, expected an order"),
    (topics(snippets=["mixing/turn"]),
     "topics.yml:18: [1].snippets[0]: found 'mixing/turn', expected a known snippet: mixing/fold"),
    (topics(reading=[{"resource": "rye", "why": words("x")}]),
     "topics.yml:18: [1].reading[0].resource: found 'rye', expected a known resource: sourdough"),
    (topics(reading=[{"resource": "sourdough", "why": words("x")}] * 2),
     "topics.yml:22: [1].reading[1].resource: found 'sourdough' twice, expected it once"),
    (topics(reading=[{"resource": "sourdough", "why": words("x"), "minutes": 0}]),
     "topics.yml:22: [1].reading[0].minutes: found 0, expected 1 or more minutes"),
    (topics(reading=[{"resource": "sourdough"}]),
     "topics.yml:18: [1].reading[0]: why is missing"),
    (topics(title="Baking"), "topics.yml:11: [1].title: found 'Baking', expected keys with values"),
    (topics(order=1),
     "topics.yml:17: [1].order: found the unknown key 'order', expected a key of the format"),
    (topics(former_ids=["dough"]),
     "topics.yml:18: [1].former_ids[0]: found 'dough', which is in use, expected a retired id"),
    ({"topics": {"dough": {}}}, "topics.yml:1: found {'dough': {}}, expected a list"),
    ({"topics": ""}, "topics.yml: found None, expected a list"),
    ({"topics": [topic_data(), "baking"]},
     "topics.yml:9: [1]: found 'baking', expected keys with values"),
    (questions(id="why_knead"),
     "questions.yml:1: [0].id: found 'why_knead', expected an id of a-z, 0-9 and -"),
    ({"questions": [question_data(), question_data()]},
     "questions.yml:9: [1].id: found 'why-knead' twice, expected every id once"),
    (questions(topic="dogh"),
     "questions.yml:8: [0].topic: found 'dogh', expected a known topic: one of baking, dough"),
    (questions(note="self", line=1),
     "questions.yml:9: [0].note: found 'self', expected a known note: shelf"),
    (questions(note="shelf"),
     "questions.yml:1: [0].line: found None, expected the line of the note that asks it"),
    (questions(note="shelf", line=0),
     "questions.yml:10: [0].line: found 0, expected the line of the note that asks it"),
    (questions(snippet="mixing/turn"),
     "questions.yml:9: [0].snippet: found 'mixing/turn', expected a known snippet: mixing/fold"),
    (questions(resources=["rye"]),
     "questions.yml:10: [0].resources[0]: found 'rye', expected a known resource: sourdough"),
    (snippets(id="fold"),
     "snippets.yml:1: [0].id: found 'fold', expected group/name of a-z, 0-9 and _"),
    (snippets(id="a/b/c"),
     "snippets.yml:1: [0].id: found 'a/b/c', expected group/name of a-z, 0-9 and _"),
    (snippets(topics=["dogh"]),
     "snippets.yml:12: [0].topics[0]: found 'dogh', expected a known topic: one of baking, dough"),
    (snippets(papers=["rye"]),
     "snippets.yml:13: [0].papers[0]: found 'rye', expected a known resource: sourdough"),
    ({"snippets": [snippet_data(), snippet_data()]},
     "snippets.yml:12: [1].id: found 'mixing/fold' twice, expected every id once"),
    (site(id="My Site"), "site.yml:1: id: found 'My Site', expected an id of a-z, 0-9 and -"),
    (site(eras=[{"id": "first", "title": words("x")}] * 2),
     "site.yml:13: eras[1].id: found 'first' twice, expected every id once"),
    (site(twin_hosts=[["a.example", "https://b.example"]]),
     "site.yml:17: twin_hosts[0][1]: found 'https://b.example', expected a host or host/path "
     "without scheme"),
    (site(tagline=words("x") | {"zh": ""}), "site.yml:7: tagline.zh: found '', expected words"),
    (site(theme="dark"),
     "site.yml:20: theme: found the unknown key 'theme', expected a key of the format"),
    (shelf(addresses=[{"line": 3, "url": "x", "resource": "rye"}]),
     "notes/shelf.yml:9: addresses[0].resource: found 'rye', expected a known resource: sourdough"),
    (shelf(addresses=[{"line": 0, "url": "x", "resource": "sourdough"}]),
     "notes/shelf.yml:7: addresses[0].line: found 0, expected a line number of 1 or more"),
    (shelf(marks={"*": "stars"}),
     "notes/shelf.yml:6: marks.*: found 'stars', expected keys with values"),
    ({"notes/My shelf.yml": note_data()},
     "notes/My shelf.yml:1: file name: found 'My shelf', expected a-z, 0-9 and -"),
    ({"progress": {"format": "other/1", "events": []}},
     "progress.yml:1: format: found 'other/1', expected format: unrolled-progress/1 and a list of "
     "events"),
    ({"progress": []},
     "progress.yml: found None, expected format: unrolled-progress/1 and a list of events"),
    ({"progress": {"format": "unrolled-progress/1", "events": [{"device": "a", "n": 0}]}},
     "progress.yml:3: events[0].n: found 0, expected a whole number from 1 to 2147483647"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "problem"), OTHERS, ids=lambda value: str(value)[:60])
def test_every_other_file_says_what_is_wrong_with_it(
    files: dict[str, Any], problem: str, tmp_path: Path
) -> None:
    folder = write_catalog(tmp_path / "catalog", **files)
    assert problems_of(folder) == [f"catalog/{problem}"]


GOOD_OTHERS: list[dict[str, Any]] = [
    {},
    topics(requires=["dough"], short=words("x"), snippets=["mixing/fold"]),
    topics(reading=[{"resource": "sourdough", "why": words("x")}], former_ids=["oven"]),
    questions(note="shelf", line=3, snippet="mixing/fold", resources=["sourdough"]),
    snippets(id="mixing/slow_fold", papers=["sourdough"], departs=words("x"), former_ids=["a/b"]),
    {"snippets": []},
    {"questions": []},
    site(twin_hosts=[], tracking=[], frameworks=[]),
    site(twin_hosts=[["a.example/x", "www.b.example"]]),
    shelf(addresses=[{"line": 1, "url": "as it stands", "resource": "sourdough"}]),
    shelf(marks={"*": {"means": words("stars")}}),
    {"progress": {"format": "unrolled-progress/1", "events": []}},
    {"drafts/half.yml": "anything: [at, all"},
]  # fmt: skip


@pytest.mark.parametrize("files", GOOD_OTHERS, ids=lambda value: str(value)[:60])
def test_sound_files_have_no_problem(files: dict[str, Any], tmp_path: Path) -> None:
    assert problems_of(write_catalog(tmp_path / "catalog", **files)) == []


def test_an_id_stands_in_the_file_name_alone(tmp_path: Path) -> None:
    file = {"resources/sourdough.yml": resource_data() | {"id": "sourdough"}}
    message = "found 'sourdough', expected no id: the file name is the id"
    assert problems_of(write_catalog(tmp_path / "catalog", **file)) == [f"{R}:12: id: {message}"]


@pytest.mark.parametrize(
    ("id", "problem"),
    [
        ("Sourdough", "found 'Sourdough', expected a-z, 0-9 and -, at most 60 characters"),
        ("sour_dough", "found 'sour_dough', expected a-z, 0-9 and -, at most 60 characters"),
        ("-sour", "found '-sour', expected a-z, 0-9 and -, at most 60 characters"),
        (LONG, f"found '{LONG}', expected a-z, 0-9 and -, at most 60 characters"),
        ("酸面团", "found '酸面团', expected a-z, 0-9 and -, at most 60 characters"),
    ],
)
def test_a_file_name_is_an_id(id: str, problem: str, tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "catalog", {id: resource_data("x")})
    assert problems_of(folder) == [f"catalog/resources/{id}.yml:1: file name: {problem}"]


@pytest.mark.parametrize("id", ["7", "a-7", "x" * 60])
def test_such_file_names_are_ids(id: str, tmp_path: Path) -> None:
    assert problems_of(write_catalog(tmp_path / "catalog", {id: resource_data("x")})) == []


@pytest.mark.parametrize(
    "spelling",
    [
        "http://www.example.org/a/index.html",
        "https://EXAMPLE.org/a?utm_source=x",
        "https://example.org/a/#part",
    ],
)
@pytest.mark.parametrize("place", ["url", "aliases"])
def test_two_resources_never_share_an_address(place: str, spelling: str, tmp_path: Path) -> None:
    second = {"url": spelling} if place == "url" else {"aliases": [spelling]}
    folder = write_catalog(
        tmp_path / "catalog",
        {
            "a": resource_data("a"),
            "b": resource_data("b", **second),
        },
    )
    where = ":2: url" if place == "url" else ":13: aliases[0]"
    assert problems_of(folder) == [
        f"catalog/resources/b.yml{where}: found '{spelling}', which is a, "
        "expected one resource an address"
    ]


def test_twin_hosts_are_one_address(tmp_path: Path) -> None:
    folder = write_catalog(
        tmp_path / "catalog",
        {
            "a": resource_data("a", url="https://flour.example/1"),
            "b": resource_data("b", url="https://mehl.example/1?baker=2"),
        },
    )
    assert problems_of(folder) == [
        "catalog/resources/b.yml:2: url: found 'https://mehl.example/1?baker=2', which is a, "
        "expected one resource an address"
    ]


def test_a_ring_of_topics_is_told_once_at_one_of_its_own(tmp_path: Path) -> None:
    ring = [
        topic_data("start", requires=["b"]),
        topic_data("a", requires=["b"]),
        topic_data("b", requires=["c"]),
        topic_data("c", requires=["a"]),
        topic_data("dough"),
    ]
    assert problems_of(write_catalog(tmp_path / "catalog", topics=ring)) == [
        "catalog/topics.yml:29: [2].requires: found the cycle b → c → a → b, expected an order"
    ]


def test_two_rings_are_told_both_and_a_diamond_is_none(tmp_path: Path) -> None:
    rings = [
        topic_data("dough"),
        topic_data("a", requires=["b", "dough"]),
        topic_data("b", requires=["a", "dough"]),
        topic_data("c", requires=["dough", "c"]),
        topic_data("d", requires=["e", "f"]),
        topic_data("e", requires=["dough"]),
        topic_data("f", requires=["dough"]),
    ]
    found = problems_of(write_catalog(tmp_path / "catalog", topics=rings))
    assert [line.split("found ")[1] for line in found] == [
        "the cycle a → b → a, expected an order",
        "the cycle c → c, expected an order",
    ]


def test_a_long_chain_of_topics_is_no_problem(tmp_path: Path) -> None:
    chain = [topic_data("dough")]
    chain += [topic_data(f"t{n}", requires=[f"t{n + 1}"]) for n in range(2000)]
    chain += [topic_data("t2000")]
    assert problems_of(write_catalog(tmp_path / "catalog", topics=chain)) == []


def test_one_retired_id_is_claimed_once(tmp_path: Path) -> None:
    folder = write_catalog(
        tmp_path / "catalog",
        {id: resource_data(id, former_ids=["leaven"]) for id in ("a", "b")},
    )
    message = "former_ids[0]: found 'leaven', which is in use, expected a retired id"
    assert problems_of(folder) == [f"catalog/resources/{id}.yml:13: {message}" for id in ("a", "b")]


def test_among_many_ids_the_nearest_is_named(tmp_path: Path) -> None:
    many = {f"bread-{n}": resource_data(f"bread-{n}") for n in range(30)}
    many["bread-7"]["relations"] = [
        {"kind": "code-for", "resource": "bred-12"},
        {"kind": "code-for", "resource": "zzz"},
    ]
    assert problems_of(write_catalog(tmp_path / "catalog", many)) == [
        "catalog/resources/bread-7.yml:14: relations[0].resource: found 'bred-12', "
        "expected the id of a resource, such as bread-12",
        "catalog/resources/bread-7.yml:16: relations[1].resource: found 'zzz', "
        "expected the id of a resource",
    ]


def test_a_part_is_no_longer_than_the_whole(tmp_path: Path) -> None:
    part = {"resource": "sourdough", "why": words("x"), "minutes": 31}
    told = "found 31, expected 1 to 30 minutes, the whole resource"
    for minutes, problems in ((31, []), (30, [f"topics.yml:22: [1].reading[0].minutes: {told}"])):
        folder = write_catalog(
            tmp_path / str(minutes) / "catalog",
            {"sourdough": resource_data(minutes=minutes)},
            **topics(reading=[part]),
        )
        assert problems_of(folder) == [f"catalog/{problem}" for problem in problems]
