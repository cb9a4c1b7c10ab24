"""The signs people mark links with: stars, ticks, a pointing hand, and what table columns hold."""

import re

# An empty star only fills a row of five.
_STARS = re.compile(r"(?P<full>\*+|★+|(?:⭐\ufe0f?)+|(?:🌟)+)☆*")
_BEHIND_LINK = re.compile(rf"\s*{_STARS.pattern}(?=$|[\s,.;:|)，。；：、）])")
_TICKS = ("✅", "☑", "✔")
_POINTERS = ("👉", "☞", "➡")
_TASK = re.compile(r"^\s*\[(?P<done>[ xX])\]\s")
CATEGORY_COLUMNS = frozenset(
    {"category", "kind", "type", "分类", "类别", "类型", "分類", "類別", "類型"}
)
# Labels that name the link and not the thing it leads to.
_PLAIN_LABELS = frozenset(
    {
        "article", "blog", "click", "code", "demo", "doc", "docs", "here", "link", "page", "paper",
        "pdf", "post", "repo", "site", "source", "this", "url", "video", "web", "website",
        "链接", "地址", "原文", "文章", "论文", "博客", "代码", "视频",
        "网址", "网站", "这里", "点击", "传送门",
    }
)  # fmt: skip


def stars_of_cell(text: str) -> int:
    """How many stars a table cell holds that holds nothing else; 0 where it holds other things."""
    match = _STARS.fullmatch(text.strip())
    return _count(match["full"]) if match else 0


def stars_behind(text: str) -> int:
    """How many stars stand directly behind a link whose following text this is."""
    match = _BEHIND_LINK.match(text)
    return _count(match["full"]) if match else 0


def is_ticked(text: str) -> bool:
    """Whether the text holds a tick."""
    return any(sign in text for sign in _TICKS)


def is_pointed_at(text: str) -> bool:
    """Whether the text before a link points at it."""
    return any(sign in text for sign in _POINTERS)


def task_state(text: str) -> str:
    """`x` for a task that is done, ` ` for an open one, nothing where the text is no task."""
    match = _TASK.match(text)
    return match["done"].lower() if match else ""


def is_plain_label(label: str) -> bool:
    """Whether a label such as `article` or 链接 says nothing of what it leads to."""
    return label.strip().strip("[]()（）").casefold() in _PLAIN_LABELS


def _count(stars: str) -> int:
    return len(stars.replace("\ufe0f", ""))
