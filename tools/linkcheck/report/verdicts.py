"""Outcomes and verdicts in words: their names, what they mean, and what to do about them."""

from collections.abc import Mapping

from tools.model.link import Outcome, Verdict
from tools.model.words import Words

OUTCOME_NAMES: Mapping[Outcome, Words] = {
    "fix": Words("to fix", "待修复"),
    "look": Words("to look at", "待查看"),
    "alive": Words("alive", "正常"),
}
# The names are those of the site, too.
VERDICT_NAMES: Mapping[Verdict, Words] = {
    "ok": Words("alive", "正常"),
    "moved": Words("moved", "已搬家"),
    "blocked": Words("blocked", "拒绝程序访问"),
    "rate-limited": Words("rate-limited", "限制访问频率"),
    "login": Words("login", "需要登录"),
    "unknown": Words("unknown", "无法判断"),
    "dead": Words("dead", "失效"),
    "error": Words("server error", "服务器出错"),
    "timeout": Words("no answer", "没有回应"),
    "tls": Words("bad certificate", "证书有误"),
    "loop": Words("redirect loop", "重定向死循环"),
    "soft-404": Words("content gone", "内容已删除"),
    "parked": Words("parked domain", "域名已易主"),
    "drifted": Words("another page", "内容已变"),
    "fragment": Words("part missing", "页内位置不存在"),
    "private": Words("private address", "内网地址"),
}
# What a verdict means, and what to do.
MEANINGS: Mapping[Verdict, tuple[Words, Words]] = {
    "ok": (
        Words("The page is there and fits what is known of it.", "网页在，内容也对得上。"),
        Words("Nothing to do.", "不用管。"),
    ),
    "moved": (
        Words("The page is there, at a new address for good.", "网页在，已经永久换了地址。"),
        Words("Write the new address: `catalog links fix`.", "改成新地址：`catalog links fix`。"),
    ),
    "blocked": (
        Words("The site turns programs away.", "网站不让程序访问。"),
        Words("Open it in a browser; if it can be read, all is well.",
              "用浏览器打开，能读就没问题。"),
    ),
    "rate-limited": (
        Words("The site wants to be left alone for longer than the run lasts.",
              "网站要求等待的时间超出了这次检查的限度。"),
        Words("Wait for the next run.", "等下一次检查。"),
    ),
    "login": (
        Words("A page to sign in stands before it.", "出来的是登录页。"),
        Words("Open it signed in; if everybody needs an account, say so with `access: login`.",
              "登录后打开看看；如果谁都要登录，就写上`access: login`。"),
    ),
    "unknown": (
        Words("The tries disagreed, or the run ended before there was an answer.",
              "几次结果不一致，或者还没等到回应检查就结束了。"),
        Words("Check it again.", "再查一次。"),
    ),
    "dead": (
        Words("The page is gone, or nobody answers at that host.",
              "网页不在了，或者那里已经没有服务器应答。"),
        Words("Find its new address, or add an `archive`.", "找到新地址，或补上`archive`。"),
    ),
    "error": (
        Words("The server failed at every try.", "每次访问，服务器都出错。"),
        Words("Give it a week; then treat it as dead.", "等一周，还不行就按失效处理。"),
    ),
    "timeout": (
        Words("No whole answer came in time.", "没能在限定时间内拿到完整的回应。"),
        Words("Give it a week; then treat it as dead.", "等一周，还不行就按失效处理。"),
    ),
    "tls": (
        Words("Browsers refuse its certificate.", "浏览器不接受它的证书。"),
        Words("Tell the owner, or point to an archived copy.", "告诉站长，或改用存档。"),
    ),
    "loop": (
        Words("It redirects in a circle.", "跳转绕成了圈。"),
        Words("Find the address that the circle stands for.", "找出它本来要去的地址。"),
    ),
    "soft-404": (
        Words("The server says all is well, but the content is gone.",
              "服务器说一切正常，内容却已经没了。"),
        Words("Find where it went, or add an `archive`.", "找找它搬去了哪里，或补上`archive`。"),
    ),
    "parked": (
        Words("Somebody else holds the domain now, or sells it.",
              "域名现在归别人所有，或正在出售。"),
        Words("Remove the address soon; use an archived copy.", "尽快撤下这个地址，改用存档。"),
    ),
    "drifted": (
        Words("A page is there, but another one than the catalog knows.",
              "网页在，但不是资源目录记的那一页。"),
        Words("Compare the titles, then mend the address or the title.",
              "对照标题，再改地址或标题。"),
    ),
    "fragment": (
        Words("The page is there, the part after `#` is not.", "网页在，`#`后面的那个位置不在。"),
        Words("Point to the part's new name, or to the page.", "改成新的位置名，或只指向网页。"),
    ),
    "private": (
        Words("It leads into a private network.", "通向内网，读者进不去。"),
        Words("Write the public address.", "换成公开的地址。"),
    ),
}  # fmt: skip
