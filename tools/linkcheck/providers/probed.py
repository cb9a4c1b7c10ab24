"""A judgement from a probe: about the link, whichever address was asked."""

from tools.model.link import Evidence, Judgement, Link, Verdict


def probed(link: Link, verdict: Verdict, value: str, title: str = "") -> Judgement:
    """The verdict of a probe, with what it said, and the title where it named one."""
    more = (Evidence(kind="title", value=title),) if title else ()
    return Judgement(
        verdict=verdict, evidence=(Evidence(kind="probe", value=value), *more), final=link.url
    )
