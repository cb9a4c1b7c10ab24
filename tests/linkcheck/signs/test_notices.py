"""Notices as pages word them, in titles and in lines, and sentences that are none."""

import pytest

from tools.linkcheck.signs.notices import hint_in, is_notice, notice_among, notice_in

TITLES = [
    "404", "Error 404", "HTTP 404 - Not Found", "Page not found · GitHub Pages", "Oops, 404!",
    "Page Not Found | Docs", "Sorry, we couldn’t find that page", "Google Drive - Page Not Found",
    "410 Gone", "Post not found - My Blog", "Content unavailable", "This page isn't available",
    "页面不存在", "您访问的页面不存在 - 某网站", "404错误", "404_某网站", "网盘-链接不存在",
    "文章已被删除_博客",
    "頁面不存在", "找不到网页", "页面走丢了 | 社区", "视频去哪了呢？_哔哩哔哩",
]  # fmt: skip
NO_TITLES = [
    "How to fix page not found errors", "Understanding LSTM Networks", "Missing values in tables",
    "Peugeot 404", "A design for your next not found page", "Lost in translation", "Error bars",
    "如何解决页面不存在的问题", "Git如何恢复已删除的文件", "文件删除与恢复原理", "",
    "Deleted neurons: dropout",
    "When a file does not exist", "注意力机制",
]  # fmt: skip
LINES = [
    "Hmm... that page doesn't exist", "The article you're looking for isn't available anymore",
    "We're sorry, but the page you were trying to view does not exist.",
    "This video has been removed by the uploader", "Whoops, we can't find that page",
    "Sorry, the page you were looking for in this blog does not exist.",
    "The requested document has been archived and is no longer online",
    "The author has deleted this story.", "We've retired this page.", "Oh no! We lost that page.",
    "Error: the file you have requested does not exist.", "The link you followed has expired.",
    "This lesson is no longer offered.", "Looks like you followed a broken link.",
    "你要找的页面不存在", "页面飞走了", "该博文不存在或者已经被作者删除",
    "很抱歉，您访问的页面弄丢了",
    "该文档已被删除", "抱歉，您要访问的页面不存在或被删除！", "抱歉，该内容已下线",
    "该帖子已被管理员删除",
    "没有找到您要访问的页面", "此内容因违规无法查看", "链接已过期", "该内容已被发布者删除",
    "该专栏已关闭",
    "你似乎来到了没有知识存在的荒原", "很抱歉，該頁面已被刪除",
]  # fmt: skip
NO_LINES = [
    "If the page does not exist",
    "Page not found is what I saw first.", "If the file does not exist, git says so.",
    "Returns None if the object was not found.", "Lecture 3 video is missing, sorry.",
    "The video is unavailable in some countries", "Where can I find the slides?",
    "This course is no longer available on campus, but all lecture notes remain here.",
    "We deleted the file and the page was missing a figure.", "The vanishing gradient is gone.",
    "如果文件不存在，则新建一个。", "未找到模块时请先安装", "找不到合适的学习率怎么办？",
    "该评论已被删除", "评论已关闭",
    "本课程资料已经更新，旧版视频已下架，请看新版", "404", "阅读 404", "该公众号已迁移",
]  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_a_title_says_so(title: str) -> None:
    assert notice_in(title)


@pytest.mark.parametrize("title", NO_TITLES)
def test_a_title_does_not(title: str) -> None:
    assert notice_in(title) == ""


@pytest.mark.parametrize("line", LINES)
def test_a_line_says_so_among_others(line: str) -> None:
    assert is_notice(notice_among(["Home", line, "About"], ""))


@pytest.mark.parametrize("line", NO_LINES)
def test_a_line_does_not(line: str) -> None:
    assert notice_among(["Home", line, "About"], f"Home {line} About") == ""


def test_a_number_has_to_be_all_that_a_page_says() -> None:
    assert notice_among(["404"], "404") == "404"
    assert notice_among(["404", "readers"], "404 readers") == ""


def test_a_hint_may_stand_anywhere_but_in_a_condition() -> None:
    assert hint_in("Home. Here the page was missing, I think") == "page was missing"
    assert hint_in("When the page was missing") == ""
