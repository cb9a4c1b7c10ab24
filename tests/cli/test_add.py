"""`catalog add` on the small catalog about bread: what it writes, what it says, how it ends."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.linkcheck.servers import Server, answer, serving
from tests.projects import BREAD, ROOT
from tools.cli import main
from tools.linkcheck.answer import Answer, Failure, Hop
from tools.linkcheck.client import Client
from tools.storage.catalog import load_catalog
from tools.storage.drafts import read_drafts
from tools.storage.yaml import read_yaml

PAGES = ROOT / "tests/fixtures/pages"
HTML = {"content-type": "text/html; charset=utf-8"}
Add = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalog about bread."""
    return shutil.copytree(BREAD / "catalog", tmp_path / "catalog")


@pytest.fixture
def add(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Add:
    """Runs `catalog add` on that copy, on the day 2026-11-20."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.modules["tools.cli.add"], "today", lambda: "2026-11-20")
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)

    def run(*arguments: str | Path, **more: Any) -> Result:
        given = ["--catalog", "catalog", "add", *map(str, arguments)]
        result = CliRunner().invoke(main, given, **more)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


class Web:
    """Answers instead of the network, and what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []

    def get(self, client: Client, address: str) -> Answer:
        self.asked.append(address)
        return self.answers[address]

    def page(self, asked: str, body: bytes | str, **more: Any) -> None:
        content = body.encode() if isinstance(body, str) else body
        known = {"address": asked, "status": 200, "headers": HTML, "body": content} | more
        self.answers[asked] = Answer(**known)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    made = Web()
    monkeypatch.setattr(Client, "get", lambda client, address: made.get(client, address))
    return made


def only_draft(folder: Path) -> dict[str, Any]:
    """The data of the one draft there is; the catalog has no problem with it beside."""
    assert load_catalog(folder).problems == ()
    [(id, draft)] = read_drafts(folder).items()
    data: dict[str, Any] = read_yaml((folder / draft.file).read_text(encoding="utf-8"))
    return {"id": id} | data


def drafts(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "drafts").glob("*"))


ARTICLE = "https://oven.example/2018/06/why-dough-rises/"


def test_a_page_becomes_a_draft(add: Add, web: Web, folder: Path) -> None:
    web.page(ARTICLE, (PAGES / "blog.html").read_bytes())
    result = add(f"{ARTICLE}?utm_source=feed&crumb=1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "written: catalog/drafts/why-dough-rises.yml\n"
        "found: title: Why Dough Rises\n"
        "found: language: en\n"
        "found: authors: Ada Baker\n"
        "found: published: 2018-06-27\n"
        "found: minutes: 9\n"
        "open: kind, topics, level, summary\n"
        "next: check and complete it, move it to resources/, then run `catalog fmt` and "
        "`catalog validate`\n"
    )
    assert (folder / "drafts/why-dough-rises.yml").read_text(encoding="utf-8") == (
        "# yaml-language-server: $schema=../schema/resource.schema.json\n"
        "# A draft: finish it, then move it to ../resources/. Still missing: kind, topics, level, "
        "summary.\n"
        "title: Why Dough Rises\n"
        f"url: {ARTICLE}\n"
        "language: en\n"
        "authors: [Ada Baker]\n"
        'published: "2018-06-27"\n'
        "minutes: 9\n"
        'added: "2026-11-20"\n'
    )


@pytest.mark.parametrize(
    "address",
    ["https://bread.example/gluten", "http://www.loaf.example/gluten/?utm_medium=x#part",
     "https://bread.example/old-gluten/index.html"],
)  # fmt: skip
def test_what_is_known_in_any_spelling_is_not_asked_again(
    address: str, add: Add, web: Web, folder: Path
) -> None:
    result = add(address)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "known: on-gluten (resources/on-gluten.yml)\n"
    assert (web.asked, drafts(folder)) == ([], [])


def test_a_draft_is_known_too(add: Add, folder: Path) -> None:
    add("https://arxiv.org/abs/1706.03762", "--offline", "--id", "attention")
    again = add("http://arxiv.org/pdf/1706.03762v5", "--offline")
    assert again.stdout == "known: attention (drafts/attention.yml)\n"
    assert drafts(folder) == ["attention.yml"]


def test_offline_only_the_address_speaks(add: Add, web: Web, folder: Path) -> None:
    result = add("https://github.com/Ada/Sourdough", "--offline")
    assert result.exit_code == 0
    assert web.asked == []
    assert only_draft(folder) == {
        "id": "ada-sourdough",
        "title": "Ada/Sourdough",
        "url": "https://github.com/Ada/Sourdough",
        "kind": "code",
        "added": "2026-11-20",
    }


FAILURES: list[tuple[Failure, str]] = [
    ("name", "no such host was found"),
    ("deadline", "no whole answer came in time"),
    ("private", "it leads into a private network"),
    ("tls", "its certificate is not to be trusted"),
]


@pytest.mark.parametrize(("failure", "reason"), FAILURES)
def test_without_an_answer_the_draft_is_written_all_the_same(
    failure: Failure, reason: str, add: Add, web: Web, folder: Path
) -> None:
    web.answers[ARTICLE] = Answer(address=ARTICLE, failure=failure)
    result = add(ARTICLE)
    assert result.exit_code == 0
    assert result.stderr == f"{ARTICLE}: nothing was read: {reason}\n"
    assert "open: title, kind, language, topics, level, summary\n" in result.stdout
    assert only_draft(folder) == {
        "id": "oven-why-dough-rises", "url": ARTICLE, "added": "2026-11-20",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "more", "reason"),
    [
        ("<title>Gone</title>", {"status": 404}, "it answers with status 404"),
        ("<title>Just a moment...</title>", {}, "it shows 'Just a moment...' instead of the page"),
        ("<title>百度安全验证</title>", {}, "it shows '百度安全验证' instead of the page"),
        ("<p>nothing</p>", {}, "its answer names no title"),
        ("%PDF-1.7", {"headers": {"content-type": "Application/PDF"}},
         "it is application/pdf, of which only the address is read"),
        ("<title>Sign in</title>", {"address": "https://oven.example/login?next=1"},
         "it sends to a login page (https://oven.example/login?next=1)"),
        ("<title>The Oven</title>", {"address": "https://oven.example/"},
         "it sends to a front page (https://oven.example/)"),
    ],
)  # fmt: skip
def test_of_an_odd_answer_nothing_is_taken(
    body: str, more: dict[str, Any], reason: str, add: Add, web: Web, folder: Path
) -> None:
    web.page(ARTICLE, body, hops=(Hop(ARTICLE, 301),) if "address" in more else (), **more)
    result = add(ARTICLE)
    assert result.exit_code == 0
    assert result.stderr == f"{ARTICLE}: nothing was read: {reason}\n"
    draft = only_draft(folder)
    assert (draft["url"], "title" in draft) == (ARTICLE, False)


def redirected(web: Web, status: int, target: str, title: str = "Dough") -> None:
    """Answers at ARTICLE with a page at the end of one redirect."""
    web.page(ARTICLE, f"<title>{title}</title>", address=target, hops=(Hop(ARTICLE, status),))


def test_the_address_that_permanent_redirects_name_is_the_canonical_one(
    add: Add, web: Web, folder: Path
) -> None:
    redirected(web, 301, "https://new.example/dough?utm_source=old")
    result = add(ARTICLE)
    draft = only_draft(folder)
    assert (draft["url"], draft["aliases"]) == ("https://new.example/dough", [ARTICLE])
    assert "moved: to https://new.example/dough; the address given is kept as an alias\n" in (
        result.stdout
    )


def test_a_front_page_may_lead_to_a_front_page(add: Add, web: Web, folder: Path) -> None:
    asked, target = "http://oven.example", "https://oven.example/"
    web.page(asked, "<title>The Oven</title>", address=target, hops=(Hop(asked, 301),))
    assert add(asked).stderr == ""
    assert only_draft(folder)["url"] == target


def test_another_spelling_of_the_same_place_is_no_alias(add: Add, web: Web, folder: Path) -> None:
    redirected(web, 301, ARTICLE.replace("https://", "https://www."))
    add(ARTICLE)
    draft = only_draft(folder)
    assert (draft["url"], "aliases" in draft) == (ARTICLE.replace("//", "//www."), False)


def test_a_redirect_for_today_changes_no_address(add: Add, web: Web, folder: Path) -> None:
    redirected(web, 302, "https://new.example/dough")
    result = add(ARTICLE)
    assert only_draft(folder)["url"] == ARTICLE
    assert "leads to: https://new.example/dough, today; no redirect says for good\n" in (
        result.stdout
    )


@pytest.mark.parametrize("status", [301, 302])
def test_what_leads_to_a_known_resource_is_known(
    status: int, add: Add, web: Web, folder: Path
) -> None:
    redirected(web, status, "https://bread.example/gluten")
    assert add(ARTICLE).stdout == "known: on-gluten (resources/on-gluten.yml)\n"
    assert drafts(folder) == []


def test_the_pages_own_spelling_is_taken_unless_a_part_of_it_is_meant(
    add: Add, web: Web, folder: Path
) -> None:
    page = '<title>Dough</title><link rel="canonical" href="https://www.oven.example/dough/">'
    for address in ("https://oven.example/dough", "https://oven.example/dough#part"):
        shutil.rmtree(folder / "drafts", ignore_errors=True)
        web.page(address, page)
        add(address)
        whole = "https://www.oven.example/dough/"
        assert only_draft(folder)["url"] == (address if "#" in address else whole)


def test_youtube_is_asked_by_oembed(add: Add, web: Web, folder: Path) -> None:
    ask = ("https://www.youtube.com/oembed?url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D"
           "dQw4w9WgXcQ&format=json")  # fmt: skip
    json_type = {"content-type": "application/json"}
    web.page(ask, (PAGES / "youtube.json").read_bytes(), headers=json_type)
    add("https://youtu.be/dQw4w9WgXcQ")
    draft = only_draft(folder)
    assert (draft["id"], draft["kind"]) == ("shaping-a-loaf-step-by-step", "video")
    assert (draft["url"], draft["authors"]) == ("https://youtu.be/dQw4w9WgXcQ", ["The Warm Oven"])


def test_a_short_link_is_asked_where_it_leads(add: Add, web: Web, folder: Path) -> None:
    target = "https://www.bilibili.com/video/BV1xx411c7mD?p=2"
    short = "https://b23.tv/abc"
    web.page(short, "<title>A player</title>", address=target, hops=(Hop(short, 302),))
    web.page("https://api.bilibili.com/x/web-interface/view?bvid=BV1xx411c7mD",
             (PAGES / "bilibili.json").read_bytes(), headers={})  # fmt: skip
    assert add(short, "--id", "kneading-film").exit_code == 0
    draft = only_draft(folder)
    assert (draft["title"], draft["minutes"], draft["url"]) == ("三种揉面手法对比", 7, short)


def test_an_id_is_free_and_the_one_that_was_wanted(add: Add, folder: Path) -> None:
    assert add("https://a.example/gluten", "--offline", "--id", "on-gluten").stderr == (
        "--id: found 'on-gluten', expected an id that is still free\n"
    )
    assert add("https://a.example/x", "--offline", "--id", "No!").exit_code == 2
    assert add("https://a.example/x", "--offline", "--id", "a" * 61).exit_code == 2
    assert drafts(folder) == []
    (folder / "resources/torn-file.yml").write_text("[")
    for host in ("on", "torn"):
        add(f"https://{host}.example/{'gluten' if host == 'on' else 'file'}", "--offline")
    assert drafts(folder) == ["on-gluten-2.yml", "torn-file-2.yml"]


@pytest.mark.parametrize(
    "address",
    ["oven.example/x", "ftp://oven.example", "", "javascript:alert(1)", "http://", "https://a b",
     "https://oven.example/\x07", "https://oven.example/\u202ex"],
)  # fmt: skip
def test_what_is_no_address_could_not_be_added(address: str, add: Add, folder: Path) -> None:
    result = add(address)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("address: found ")
    assert result.stderr.endswith(", expected an http or https address\n")
    assert drafts(folder) == []


def test_one_of_address_and_form_is_needed(add: Add, tmp_path: Path) -> None:
    (tmp_path / "form.md").write_text("")
    for arguments in ([], [ARTICLE, "--from-form", "form.md"]):
        result = add(*arguments)
        assert result.exit_code == 2
        assert "expected one of ADDRESS and --from-form" in result.stderr
    wrong = add(ARTICLE, "--allow-network", "everything")
    assert (wrong.exit_code, wrong.stderr.startswith("--allow-network: ")) == (2, True)
    assert "Traceback" not in add("--from-form", "nowhere.md").output


@pytest.fixture
def oven() -> Iterator[Server]:
    """A real server on this machine with one article."""
    with serving(lambda made, path: made.sendall(answer(b"<title>Hot</title>"))) as server:
        yield server


def test_a_private_network_is_asked_only_where_it_was_allowed(
    add: Add, folder: Path, oven: Server
) -> None:
    refused = add(oven.at("/bread"), "--id", "refused")
    assert "nothing was read: it leads into a private network" in refused.stderr
    assert oven.heads == []
    (folder / "drafts/refused.yml").unlink()
    assert add(oven.at("/bread"), "--allow-network", "127.0.0.0/8").stderr == ""
    assert only_draft(folder)["title"] == "Hot"


def test_other_commands_load_neither_the_client_nor_the_parsers() -> None:
    loaded = "import sys, tools.cli; print(*{'requests', 'bs4'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "\n"


HOSTILE = "# yaml-language-server: $schema=https://evil.example\n\u2028title: x\n\"'}]\n\x00---"
FORM = f"""\
### Address · 地址

https://oven.example/rye?crumb=1

### Why it belongs here · 推荐理由

{HOSTILE}

### Title · 标题

"Rye": it's {{all}} [so] #sour & *old*

### Level · 难度

hard

### Topics · 主题

baking, soup

### Summary in English · 英文简介

Rye without haste: yes.

### Summary in Chinese · 中文简介

黑麦不着急：“慢”。
"""


def test_a_filled_form_becomes_a_draft(add: Add, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "form.md").write_bytes(FORM.replace("\n", "\r\n").encode())
    result = add("--from-form", "form.md", "--offline")
    assert result.exit_code == 1
    assert result.stderr == (
        "form.md:16: level: found 'hard', expected one of beginner, intermediate, advanced\n"
        "form.md:20: topics: found 'soup', expected one of kneading, baking\n"
    )
    assert "found: summary: in both languages\nopen: kind, language, level\n" in (
        result.stdout.replace("found: topics: baking\n", "")
    )
    assert only_draft(folder) == {
        "id": "rye-its-all-so-sour-old",
        "title": '"Rye": it\'s {all} [so] #sour & *old*',
        "url": "https://oven.example/rye",
        "topics": ["baking"],
        "summary": {"en": "Rye without haste: yes.", "zh": "黑麦不着急：“慢”。"},
        "added": "2026-11-20",
    }
    text = (folder / "drafts/rye-its-all-so-sour-old.yml").read_text(encoding="utf-8")
    assert text[text.index("# > ") :] == (
        "# > why:\n"
        "# > # yaml-language-server: $schema=https://evil.example\n"
        "# > title: x\n"
        "# > \"'}]\n"
        "# > ---\n"
        "# > level:\n"
        "# > hard\n"
        "# > topics:\n"
        "# > baking, soup\n"
    )


def test_a_form_comes_from_standard_input_too(add: Add, folder: Path) -> None:
    assert add("--from-form", "-", "--offline", input=FORM.encode()).exit_code == 1
    assert only_draft(folder)["url"] == "https://oven.example/rye"
    bad = add("--from-form", "-", "--offline", input=b"### Address\n\n\xff")
    assert (bad.exit_code, bad.stderr) == (2, "-: found the byte 0xff, expected UTF-8\n")
    assert add("--from-form", "-", input=b"x" * 1_000_001).exit_code == 2


def test_a_form_without_an_address_is_none(add: Add, folder: Path) -> None:
    result = add("--from-form", "-", input="### Address\n\nsoon\n\n### Level\n\nhard\n")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "-:1: address: found 'soon', expected an http or https address",
        "-:5: level: found 'hard', expected one of beginner, intermediate, advanced",
        "address: found '', expected an http or https address",
    ]
    assert drafts(folder) == []


def test_what_the_form_says_comes_before_what_the_page_says(
    add: Add, web: Web, folder: Path
) -> None:
    script = {"@type": "Book", "name": "The page's title", "datePublished": "2020"}
    web.page("https://oven.example/rye",
             f'<script type="application/ld+json">{json.dumps(script)}</script>')  # fmt: skip
    assert add("--from-form", "-", input=FORM).exit_code == 1
    draft = only_draft(folder)
    assert (draft["title"][:5], draft["kind"], draft["published"]) == ('"Rye"', "book", "2020")


def test_a_known_address_of_a_form_is_known(add: Add, folder: Path) -> None:
    form = FORM.replace("oven.example/rye", "loaf.example/gluten")
    result = add("--from-form", "-", input=form)
    assert result.stdout == "known: on-gluten (resources/on-gluten.yml)\n"
    assert drafts(folder) == []
