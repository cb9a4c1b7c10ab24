"""Two catalogs to export: the small one about bread, and one that says only hostile things."""

from pathlib import Path

import pytest

from tests.builders import read_catalog, resource_data, site_data, topic_data, write_catalog
from tests.projects import BREAD, ROOT
from tools.model.catalog import Catalog
from tools.storage.yaml import read_yaml

TEXTS = [
    *read_yaml((ROOT / "tests/cases/hostile.yml").read_text(encoding="utf-8")),
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@SUM(1)",
    "＝1",
    "\tx",
    "'quoted'",
    "''twice",
    'say "so"; and, so',
    "@book{x, title = {y}} and @comment",
    "}} @misc{z,",
    "a { b",
    "C:\\new --- ``so'' <<x>> ?` !`",
    "100% of R&D_1 #2 $3 x^2 ~ y",
    "[ ] to do",
    "www.example.org, example.org, //example.org and 127.0.0.1",
    ": a definition",
    "https://localhost/x and //localhost/x",
    "//127.0.0.1/x",
]
ADDRESSES = [
    "https://example.org/{n}?a=1&copy;=2&lt;&amp;b=%20#x",
    "https://example.org/{n}/(a)_[b]*c*`d`",
    "https://example.org/{n}/)](x)",
    "https://example.org/{n}/<a>\"b'c",
    "https://example.org/{n}/{{y}}",
    "https://例子.example/{n}/路",
]


@pytest.fixture(scope="session")
def bread() -> Catalog:
    return read_catalog(BREAD / "catalog")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A resource and a topic for every text, which stands wherever it may."""
    resources, topics = {}, []
    for n, text in enumerate(TEXTS):
        said, id = {"en": text, "zh": text}, f"r{n:02}"
        resources[id] = resource_data(
            id,
            title=text,
            authors=[text, "Ann Baker"],
            url=ADDRESSES[n % len(ADDRESSES)].format(n=n),
            topics=[f"t{n:02}"],
            summary=said,
        )
        reading = [{"resource": id, "why": said}]
        topics.append(topic_data(f"t{n:02}", title=said, summary=said, reading=reading))
    site = site_data(name=topics[0]["title"], tagline=topics[1]["title"])
    folder = tmp_path_factory.mktemp("hostile")
    return read_catalog(write_catalog(folder, resources, topics=topics, site=site, questions=[]))


def one_line(text: str) -> str:
    return " ".join(text.split())


def golden(name: str) -> bytes:
    """What a format's file of the bread catalog must hold, byte by byte."""
    return (Path(__file__).parent / "golden" / name).read_bytes()
