"""Bilibili, whose pages answer 200 for removed videos: its web interface has a code for each."""

import re
from urllib.parse import parse_qs

from tools.linkcheck.addresses import belongs_to, parts_of
from tools.linkcheck.answer import Answer
from tools.linkcheck.places import host_of
from tools.linkcheck.providers.probed import probed
from tools.linkcheck.reply import reply_of
from tools.model.link import Judgement, Link, Verdict

_HOSTS = ("bilibili.com",)
_PATH = re.compile(r"/video/(BV[0-9A-Za-z]{10}|av\d{1,18})/?", re.IGNORECASE)
# Codes of x/web-interface/view, as bilibili-API-collect lists them: no such video, not visible,
# visible to its author alone; no right to see it; a robot was recognised. Others are left to the
# page, 62004 among them: a video that is being reviewed comes back.
_VERDICTS: dict[object, Verdict] = {
    0: "ok",
    -404: "dead", 62002: "dead", 62012: "dead",
    -403: "login",
    -412: "blocked", -352: "blocked", -799: "blocked", -509: "blocked",
}  # fmt: skip


class Bilibili:
    """Videos, by their BV and av numbers."""

    def probe(self, link: Link) -> str:
        """The address that has the facts of a video."""
        number = _number(link.url)
        if not number:
            return ""
        name = f"aid={number[2:]}" if number[:2].lower() == "av" else f"bvid={number}"
        return f"https://api.bilibili.com/x/web-interface/view?{name}"

    def judge(self, link: Link, answer: Answer) -> Judgement | None:
        """By the code of the reply; 412 as a status is the refusal of its firewall."""
        if answer.status == 412:
            return probed(link, "blocked", "Bilibili 412")
        reply = reply_of(answer)
        verdict = _VERDICTS.get(code) if isinstance(code := reply.get("code"), int) else None
        if answer.status != 200 or verdict is None:
            return None
        facts = reply.get("data")
        title = facts.get("title", "") if isinstance(facts, dict) else ""
        said = f"Bilibili {code} {reply.get('message', '')}".strip() if code else "Bilibili 0"
        return probed(link, verdict, said, str(title))


def _number(address: str) -> str:
    parts = parts_of(address)
    if not belongs_to(host_of(address), _HOSTS):
        return ""
    query = parse_qs(parts.query)
    given = query.get("bvid", [""])[0] or (f"av{query['aid'][0]}" if "aid" in query else "")
    path = f"/video/{given}" if parts.path == "/player.html" else parts.path
    match = _PATH.fullmatch(path)
    return match[1] if match else ""
