"""Evidence and whole runs in words, in both languages, for reports that people read."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tools.linkcheck.report.order import counts, is_confirmed
from tools.linkcheck.report.plain import plain
from tools.linkcheck.report.verdicts import VERDICT_NAMES
from tools.model.link import CheckedLink, CheckReport, Evidence, EvidenceKind, Verdict
from tools.model.words import SiteLanguage, Words

_EVIDENCE: Mapping[EvidenceKind, Words] = {
    "status": Words("it answers with status {}", "返回的状态码是{}"),
    "chain": Words("on the way: {}", "跳转过程：{}"),
    "title": Words("the page is called “{}”", "网页标题是“{}”"),
    "expected": Words("it should be called “{}”", "应有的标题是“{}”"),
    "phrase": Words("the page says “{}”", "网页上有“{}”"),
    "header": Words("a header says “{}”", "响应头里有“{}”"),
    "probe": Words("its provider says “{}”", "网站的接口说“{}”"),
    "fragment": Words("no part of the page is called “{}”", "网页里没有“{}”这个位置"),
    "tries": Words("the tries gave: {}", "几次尝试的结果：{}"),
    "host": Words("seen at {}", "看到的地方：{}"),
}
_FAILURES: Mapping[str, Words] = {
    "address": Words("it leads to something that is no web address", "指向的不是网址"),
    "name": Words("no such host was found", "找不到这个域名"),
    "connect": Words("nothing answers at that host", "那里没有服务器应答"),
    "broken": Words("the connection broke off or spoke no HTTP", "连接中断，或对方说的不是HTTP"),
    "deadline": Words("no whole answer came in time", "没能在限定时间内拿到完整的回应"),
    "tls": Words("its certificate is not to be trusted", "证书不可信"),
    "private": Words("it leads into a private network", "通向内网"),
    "hops": Words("it redirects without end", "没完没了地跳转"),
    "proxy": Words(
        "the proxy that the environment names did not help", "环境变量里的代理没能帮上忙"
    ),
}
_OUT_OF_TIME = Words("the time of the run was over", "这次检查的时间用完了")
_WITH_DETAIL = Words("{} ({})", "{}（{}）")
_COMMA = Words(", ", "，")
_SEMICOLON = Words("; ", "；")
_SUMMARY = Words(
    "{links} links: {alive} alive ({moved} moved), {look} to look at, "
    "{fix} to fix ({confirmed} confirmed)",
    "共{links}个链接：正常{alive}个（已搬家{moved}个），待查看{look}个，"
    "待修复{fix}个（已确认{confirmed}个）",
)
_CUT_SHORT = Words(
    "The run ended early: links that it did not reach are missing here.",
    "检查提前结束了，没查到的链接不在这里。",
)
_OFFLINE = Words(
    "No host answered in the whole run. There seems to be no network here, so nothing is said of "
    "these links.",
    "整个过程没有一台主机应答，这里大概没有网络，所以这些链接的状况无从判断。",
)
UNCONFIRMED = Words("not confirmed yet", "尚未确认")
NEW_ADDRESS = Words("new address: {}", "新地址：{}")

Mark = Callable[[str], str]


def verdict_title(verdict: Verdict, language: SiteLanguage) -> str:
    """The verdict with its name where that says more: `soft-404 (content gone)`."""
    return _titled(verdict, [VERDICT_NAMES[verdict].to(language)], language)


def title_of(checked: CheckedLink, language: SiteLanguage) -> str:
    """The same of a link, and whether it is still to be confirmed."""
    details = [VERDICT_NAMES[checked.verdict].to(language)]
    if checked.outcome == "fix" and not is_confirmed(checked):
        details.append(UNCONFIRMED.to(language))
    return _titled(checked.verdict, details, language)


def _titled(verdict: Verdict, details: Sequence[str], language: SiteLanguage) -> str:
    said = _COMMA.to(language).join(detail for detail in details if detail != verdict)
    return _WITH_DETAIL.to(language).format(verdict, said) if said else verdict


def sentence(evidence: Evidence, language: SiteLanguage, mark: Mark = plain) -> str:
    """One piece of evidence in words; `mark` makes its value fit for where it will stand."""
    if evidence.kind == "failure":
        return _failure(evidence.value, language, mark)
    if evidence.kind == "tries":
        return _tries(evidence.value, language, mark)
    return _EVIDENCE[evidence.kind].to(language).format(mark(evidence.value))


def sentences(checked: CheckedLink, language: SiteLanguage, mark: Mark = plain) -> Iterator[str]:
    """All that is to be said of a link: what was seen, and where it should lead."""
    for evidence in checked.judgement.evidence:
        yield sentence(evidence, language, mark)
    if checked.judgement.suggest:
        yield NEW_ADDRESS.to(language).format(mark(checked.judgement.suggest))


def account(checked: CheckedLink, language: SiteLanguage) -> str:
    """The same in one line."""
    return _SEMICOLON.to(language).join(sentences(checked, language))


def summary(report: CheckReport, language: SiteLanguage) -> str:
    """How many links were seen and what they are, in one line."""
    found = counts(report)
    return _SUMMARY.to(language).format(**{name: getattr(found, name) for name in found.__slots__})


def remarks(report: CheckReport, language: SiteLanguage) -> list[str]:
    """What has to be known of the whole run to read its report rightly."""
    said = [] if report.complete else [_CUT_SHORT]
    said += [_OFFLINE] if report.offline else []
    return [words.to(language) for words in said]


def _failure(value: str, language: SiteLanguage, mark: Mark) -> str:
    """`connect: refused` as a sentence with its detail."""
    name, _, detail = value.partition(": ")
    if name not in _FAILURES:
        return mark(value)
    words = _FAILURES[name].to(language)
    return _WITH_DETAIL.to(language).format(words, mark(detail)) if detail else words


def _tries(value: str, language: SiteLanguage, mark: Mark) -> str:
    if value == "time":
        return _OUT_OF_TIME.to(language)
    names: Mapping[str, Words] = {str(name): words for name, words in VERDICT_NAMES.items()}
    tries = [names[one].to(language) if one in names else mark(one) for one in value.split(", ")]
    return _EVIDENCE["tries"].to(language).format(Words(", ", "、").to(language).join(tries))
