import json

import pytest
from click.testing import CliRunner

from tools.audit import __main__ as command
from tools.audit.site import Site
from tools.audit.verdicts import CannotRun


def run(*arguments: object):
    return CliRunner().invoke(command.main, [str(argument) for argument in arguments])


def test_a_clean_site_exits_with_0(build):
    result = run(build().root, "--only", "links")
    assert (result.exit_code, "links that lead nowhere" in result.output) == (0, True)


def test_findings_exit_with_1_and_go_to_the_file_asked_for(build, tmp_path):
    report = tmp_path / "report.json"
    result = run(build({"sitemap.xml": None}).root, "--only", "links", "--json", report)
    assert result.exit_code == 1
    assert json.loads(report.read_text())[0]["judgement"]["findings"][0]["page"] == "sitemap.xml"


def test_a_folder_that_is_no_site_exits_with_2(tmp_path):
    result = run(tmp_path)
    assert (result.exit_code, "build the site first" in result.output) == (2, True)


def test_a_check_that_cannot_run_exits_with_2_and_the_others_still_run(build, monkeypatch):
    def no_browser(site: Site, judge: bool) -> Site:
        raise CannotRun("there is no browser here")

    monkeypatch.setattr(command, "visit_sample", no_browser)
    result = run(build().root, "--only", "layout", "--only", "links")
    assert result.exit_code == 2
    assert "layout could not run: there is no browser here" in result.output
    assert "links that lead nowhere" in result.output


@pytest.mark.parametrize(("only", "judged"), [("axe", True), ("layout", False)])
def test_axe_looks_only_when_asked_for(build, monkeypatch, only, judged):
    asked = []

    def visit(site: Site, judge: bool) -> Site:
        asked.append(judge)
        return site

    monkeypatch.setattr(command, "visit_sample", visit)
    run(build().root, "--only", only)
    assert asked == [judged]


def test_the_mount_path_reaches_the_site(build, page):
    root = build({"404.html": page('<a href="/unrolled/">home</a>')}).root
    mounted, bare = (run(root, "--only", "links", *at) for at in (["--base-path", "unrolled"], []))
    assert "/unrolled/" not in mounted.output
    assert "no file unrolled/index.html" in bare.output
