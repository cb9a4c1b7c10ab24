"""Pages of a few great hosts that answer 200 and say in their own words what became of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.linkcheck.addresses import belongs_to
from tools.linkcheck.seen import Seen
from tools.linkcheck.signs.wording import anywhere, found_in
from tools.model.link import Judgement, Verdict

_SHORT = 1500
_SOURCE_WITHIN = 1_500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a notice on a host's page means; `inside` says whether it stands in text or source.

    `unless` stands in the source of pages that have their content after all.
    """

    hosts: Sequence[str]
    notice: re.Pattern[str]
    verdict: Verdict
    inside: str = "text"
    unless: str = ""


_WECHAT, _ZHIHU = ("mp.weixin.qq.com",), ("zhihu.com",)
_YOUTUBE, _BILIBILI = ("youtube.com", "youtube-nocookie.com"), ("bilibili.com",)
_PLAYABILITY = r"\"playabilityStatus\":\s*\{\s*\"status\":\s*"

STATES: Sequence[State] = (
    State(
        hosts=_WECHAT, verdict="blocked", unless='id="js_content"',
        notice=anywhere(
            r"""
            环境异常
            完成验证后即可继续访问
            操作频繁
            访问过于频繁
            """
        ),
    ),
    State(
        hosts=_WECHAT, verdict="ok", unless='id="js_content"',
        # Readers are led on by a button; the article is there under its new account.
        notice=anywhere(
            r"""
            该公众号已迁移
            [帐账]号已迁移
            """
        ),
    ),
    State(
        hosts=_WECHAT, verdict="soft-404", unless='id="js_content"',
        notice=anywhere(
            r"""
            内容已被发布者删除
            此内容因违规(?:无法查看|已删除)
            涉嫌(?:侵权|侵犯)[^。]{0,20}无法查看
            (?:公众号|[帐账]号)已被(?:屏蔽|封|停用|冻结)
            [帐账]号已(?:自主)?注销
            发送失败无法查看
            此内容被(?:多人)?投诉
            参数错误
            链接已(?:过期|失效)
            内容无法查看
            """
        ),
    ),
    State(
        hosts=_ZHIHU, verdict="soft-404",
        notice=anywhere(
            r"""
            没有知识存在的荒原
            该(?:文章|回答|内容|问题|想法)已被(?:作者)?删除
            该(?:文章|回答|内容)违反[^。]{0,20}(?:删除|无法查看)
            (?:文章|回答|内容)已被(?:建议修改|屏蔽)
            """
        ),
    ),
    State(
        hosts=_BILIBILI, verdict="dead",
        notice=anywhere(
            r"""
            视频去哪了呢
            视频不见了
            稿件不可见
            """
        ),
    ),
    State(
        hosts=_YOUTUBE, verdict="dead", inside="source",
        notice=re.compile(_PLAYABILITY + r"\"ERROR\""),
    ),
    State(
        hosts=_YOUTUBE, verdict="blocked", inside="source",
        notice=re.compile(_PLAYABILITY + r"\"LOGIN_REQUIRED\"[^}]{0,300}not a bot"),
    ),
    State(
        hosts=_YOUTUBE, verdict="login", inside="source",
        notice=re.compile(_PLAYABILITY + r"\"LOGIN_REQUIRED\"[^}]{0,300}private"),
    ),
)  # fmt: skip


def page_state(seen: Seen) -> Judgement | None:
    """What a page of a known host says of itself: removed, private, refused or only moved."""
    if seen.answer.status != 200:
        return None
    for state in STATES:
        if belongs_to(seen.host, state.hosts) and (phrase := _notice(seen, state)):
            return seen.judged(state.verdict, "phrase", phrase)
    return None


def _notice(seen: Seen, state: State) -> str:
    page = seen.page
    if state.unless and state.unless in page.source:
        return ""
    if state.inside == "source":
        return " ".join(found_in(state.notice, page.source[:_SOURCE_WITHIN]).split())[:80]
    if len(page.text) > _SHORT:
        return ""
    return found_in(state.notice, " ".join((*page.titles, page.text)))
