from tools.audit.checks.accessibility import check
from tools.audit.visit import Violation, Visit

CONTRAST = Violation("color-contrast", ".footer", "4.2 only", "enough contrast")


def test_a_page_without_objections_in_both_palettes_is_clean(build):
    judgement = check(build(visits=(Visit("", 1280, violations={"default": (), "slate": ()}),)))
    assert judgement.findings == ()
    assert all(measure.holds for measure in judgement.measures)


def test_one_element_is_one_finding_that_names_every_setting(build):
    seen = {"default": (CONTRAST,), "slate": (CONTRAST,)}
    visits = (Visit("", 1280, violations=seen), Visit("", 390, violations=seen))
    (finding,) = check(build(visits=visits)).findings
    assert finding.place == ".footer (default 1280, slate 1280, default 390, slate 390)"
    assert finding.found == "color-contrast: 4.2 only"


def test_a_palette_that_cannot_be_put_on_is_found(build):
    (finding,) = check(build(visits=(Visit("", 1280, violations={"default": ()}),))).findings
    assert finding.found == "no palette slate"
