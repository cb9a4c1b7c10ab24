"""YouTube, whose pages answer 200 for removed videos: its oEmbed service tells them apart."""

import re
from urllib.parse import parse_qs, quote

from tools.linkcheck.addresses import belongs_to, parts_of
from tools.linkcheck.answer import Answer
from tools.linkcheck.places import host_of
from tools.linkcheck.providers.probed import probed
from tools.linkcheck.reply import reply_of
from tools.model.link import Judgement, Link

_HOSTS = ("youtube.com", "youtube-nocookie.com")
_PATH = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{11})/?")
_ID = re.compile(r"[\w-]{11}")
_LIST = re.compile(r"[\w-]{2,64}")


class YouTube:
    """Videos and playlists; channels have no oEmbed."""

    def probe(self, link: Link) -> str:
        """The oEmbed address of a video or a playlist."""
        watched = _watched(link.url)
        if not watched:
            return ""
        page = quote(f"https://www.youtube.com/{watched}", safe="")
        return f"https://www.youtube.com/oembed?format=json&url={page}"

    def judge(self, link: Link, answer: Answer) -> Judgement | None:
        """`dead` for 404 and 400; 401 and 403 only say that it may not be embedded, or is private.

        The service has answered a private video with 200 and the word "Forbidden".
        """
        if answer.status in (400, 404):
            return probed(link, "dead", f"YouTube oEmbed {answer.status}")
        title = reply_of(answer).get("title")
        if answer.status == 200 and isinstance(title, str):
            return probed(link, "ok", "YouTube oEmbed 200", title)
        return None


def _watched(address: str) -> str:
    """`watch?v=…` or `playlist?list=…`, by whichever spelling; nothing for any other page."""
    host, parts = host_of(address), parts_of(address)
    query = parse_qs(parts.query)
    video, playlist = query.get("v", [""])[0], query.get("list", [""])[0]
    if belongs_to(host, ("youtu.be",)):
        video = parts.path.strip("/")
    elif not belongs_to(host, _HOSTS):
        return ""
    elif match := _PATH.fullmatch(parts.path):
        video = match[1]
    elif parts.path not in ("/watch", "/playlist", "/embed/videoseries"):
        return ""
    # `videoseries` has the length of an id, and stands where one would.
    if _ID.fullmatch(video) and video != "videoseries":
        return f"watch?v={video}"
    return f"playlist?list={playlist}" if _LIST.fullmatch(playlist) else ""
