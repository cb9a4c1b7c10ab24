"""The CSV as programs and spreadsheets read it."""

import csv
import io
import json

import pytest

from tests.builders import resource
from tools.exchange.exporters.csv import COLUMNS, to_csv
from tools.exchange.exporters.json import to_json
from tools.model.catalog import Catalog

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def read(catalog: Catalog) -> list[dict[str, str]]:
    text = to_csv(catalog).encode().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def own(cell: str) -> str:
    """The catalog's own text of a cell."""
    return cell.removeprefix("'")


def test_a_row_holds_what_the_record_of_the_json_holds(hostile: Catalog) -> None:
    rows, records = read(hostile), json.loads(to_json(hostile))
    assert len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        assert tuple(row) == COLUMNS
        for name in ("id", "url", "title", "kind", "language", "level"):
            assert own(row[name]) == record[name]
        assert own(row["authors"]) == "; ".join(record["authors"])
        assert own(row["summary_en"]) == record["summary"]["en"]
        assert own(row["summary_zh"]) == record["summary"]["zh"]


def test_every_field_of_a_record_has_its_column(bread: Catalog) -> None:
    (record, *_) = json.loads(to_json(bread))
    assert {name.split("_")[0] for name in COLUMNS} == set(record)


def test_no_cell_begins_a_formula(hostile: Catalog) -> None:
    cells = [cell for row in read(hostile) for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []
    assert "'=HYPERLINK(1)" in cells


@pytest.mark.parametrize("sign", FORMULA)
def test_each_sign_that_begins_a_formula_gets_its_apostrophe(sign: str, bread: Catalog) -> None:
    one = resource("one", title=f"{sign}1")
    catalog = Catalog(site=bread.site, resources={"one": one})
    assert read(catalog)[0]["title"] == f"'{sign}1"


def test_an_apostrophe_of_the_catalogs_own_can_be_told_from_one_put_there(bread: Catalog) -> None:
    texts = ("=1", "'=1", "''=1", "it's")
    resources = {f"r{n}": resource(f"r{n}", title=text) for n, text in enumerate(texts)}
    cells = [row["title"] for row in read(Catalog(site=bread.site, resources=resources))]
    assert len(set(cells)) == len(texts)
    assert tuple(map(own, cells)) == texts


def test_excel_is_told_that_it_is_utf_8(bread: Catalog) -> None:
    assert to_csv(bread).encode().startswith(b"\xef\xbb\xbfid,")


def test_only_lines_of_the_table_end_with_both_signs(hostile: Catalog) -> None:
    assert to_csv(hostile).count("\r\n") == len(hostile.resources) + 1
