"""What Chromium sees: one page that behaves and one that does everything wrong."""

import pytest

from tools.audit.tour import find_chromium, visit_sample
from tools.audit.verdicts import CannotRun

SWITCH = """
<input type="radio" aria-label="{palette}" data-md-color-scheme="{palette}" onclick="{does}"
  style="width: 24px; height: 24px">
"""
DARK = SWITCH.format(palette="slate", does="document.body.dataset.mdColorScheme = 'slate'")
LIGHT = SWITCH.format(palette="default", does="document.body.dataset.mdColorScheme = 'default'")
STUCK = SWITCH.format(palette="slate", does="void 0")
GOOD = f"{LIGHT}{DARK}<p>Text</p><script>fetch('/late.json'); new Worker('/worker.js')</script>"
BAD = f"""{STUCK}
<img src="http://other.invalid/x.png" alt="">
<img src="/late.svg">
<div style="width: 700px; background: #eee">wide</div>
<button style="width: 10px; height: 10px; padding: 0">a</button><button
 style="width: 10px; height: 10px; padding: 0">b</button>
<details><summary>More</summary><p style="color: #999; background: #fff">pale</p></details>
<script type="module" src="/missing.js"></script>
<script>
  console.error("said aloud");
  fetch("/missing.json");
  fetch("/late.json").then(() => {{
    const late = document.createElement("div");
    late.style.height = "300px";
    document.querySelector("main").prepend(late);
    throw new Error("thrown");
  }});
</script>
"""
WRONG_HEAD = "<style>html { overflow-x: hidden }</style>"


@pytest.fixture
def visits(build, page, judges):
    site = build(
        {
            "good/index.html": page(GOOD),
            "bad/index.html": page(BAD, WRONG_HEAD),
            "late.json": "{}",
            "late.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
            "worker.js": "fetch('/worker.json')",
            "worker.json": "{}",
            "favicon.ico": "",
        }
    )
    return {(visit.page, visit.width): visit for visit in visit_sample(site).visits}


@pytest.mark.browser
def test_a_tour_sees_what_pages_do(visits):
    good, bad = visits["good/", 1280], visits["bad/", 1280]
    small_good, small_bad = visits["good/", 390], visits["bad/", 390]

    assert {"good/", "late.json", "worker.js", "worker.json"} <= good.requests
    assert (good.foreign, good.failures, good.complaints) == ((), (), ())
    assert good.shift == 0
    assert set(good.violations) == {"default", "slate"}
    assert small_good.sticking_out == ()

    assert bad.foreign == ("http://other.invalid/x.png",)
    assert sorted(bad.failures) == ["404 for missing.js", "404 for missing.json"]
    assert "console error: said aloud" in bad.complaints
    assert any("thrown" in complaint for complaint in bad.complaints)
    assert "the switch for palette slate does not put it on" in bad.complaints
    assert bad.shift > 0.02
    assert set(bad.violations) == {"default"}
    rules = {violation.rule for violation in bad.violations["default"]}
    assert {"target-size", "image-alt", "color-contrast"} <= rules
    assert small_bad.sticking_out[0].startswith("the page is 7")
    assert "div" in small_bad.sticking_out


def test_a_named_browser_that_does_not_exist_is_said(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    with pytest.raises(CannotRun, match="no-such-browser"):
        find_chromium()


def test_no_browser_at_all_is_said(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotRun, match="install one of chromium"):
        find_chromium()
