"""Login walls: the page is there for those who have an account."""

import re

from tools.linkcheck.addresses import parts_of
from tools.linkcheck.places import host_of
from tools.linkcheck.seen import Seen
from tools.linkcheck.signs.known import shows_known_title
from tools.linkcheck.signs.phrases import PASSWORD
from tools.linkcheck.signs.wording import anywhere, found_in, plain, whole_title
from tools.model.link import Judgement

_SHORT, _BRIEF = 1500, 500
_HOST = re.compile(
    r"(?:login|log-?on|sign-?in|passport|accounts?|auth|sso|cas|idp|adfs|oauth2?|openid|"
    r"shibboleth)\d?\."
)
_ENDING = r"(?:\.(?:php|html?|aspx?|jsp|do|action|cgi))?"
_PATH = anywhere(
    r"""
    /(?:[\w-]*_)?(?:log|sign)[-_]?(?:in|on)(?:\.(?:php|html?|aspx?|jsp|do|action|cgi))?(?:/|$)
    /wp-login(?:\.(?:php|html?|aspx?|jsp|do|action|cgi))?$
    /(?:user_)?sessions?/new(?:/|$)
    /authwall(?:/|$)
    /servicelogin
    /checkpoint/lg
    /connect/qrconnect
    /passport/
    /global-identity
    /(?:users?|member|account)/log-?in
    """
)  # fmt: skip
# These name other things too, unless somebody is to be sent back from there.
_MAYBE = anywhere(
    r"""
    /(?:auth|oauth2?|sso|cas|saml2?|authorize|account|adfs|realms|idp|session)(?:/|$)
    """
)
_SENT_BACK = anywhere(
    r"""
    (?:^|&)(?:redirect(?:_?ur[il]|_?to)?|return(?:_?(?:ur[il]|to|path))?|back_?url)=
    (?:^|&)(?:next|continue|service|client_id|samlrequest|callback|goto|target|dest|from|url)=
    """
)
_TITLES = whole_title(
    r"""
    (?:please )?(?:log|sign)[ -]?(?:in|on)(?: (?:required|page|form|now))?
    (?:log|sign)[ -]?(?:in|on) (?:to|with|into|at|·|•|‹) .{1,60}
    (?:log|sign)[ -]?in or (?:sign[ -]?up|register|create an account)(?: to .{1,60})?
    (?:member|user|account|customer|student|staff) (?:log|sign)[ -]?(?:in|on)
    authentication required
    enrol(?:l)?ment options
    (?:you need|request) (?:access|permission)
    (?:members|students|subscribers) only
    private (?:site|blog|wiki|course|page)
    sign up
    (?:web|central|single|common)? ?(?:sign-?on|authentication service)
    login ‹ .{1,60}
    (?:用户|会员|账号|账户|系统|统一|微信|扫码|密码)?登[录陆](?:页面?|界面|系统|中心|注册|/注册)?
    请(?:先)?登[录陆]
    统一身份认证(?:平台|系统|中心)?
    登录 ?[/或] ?注册
    ログイン
    로그인
    anmelden
    se connecter
    connexion
    iniciar sesión
    войти|вход
    """
)  # fmt: skip
_DEMANDS = anywhere(
    r"""
    you (?:must|need to|have to)(?: be)? (?:log|logged|sign|signed)[ -]?in (?:to|before|first)
    please (?:log|sign)[ -]?in (?:to|before|first)
    (?:log|sign) in to (?:continue|view|read|see|access|proceed)
    this (?:page|content|post|article|course) requires [^.]{0,30}(?:log ?in|account|membership)
    is only (?:available|visible) (?:to|for) [^.]{0,30}(?:members|registered users|subscribers)
    (?:course|site|blog|page|file|document|post|repository) is (?:private|password[- ]protected)
    you need (?:access|permission|an enrol(?:l)?ment key|to (?:be enrol(?:l)?ed|enrol(?:l)?))
    (?:guests|you) (?:cannot|can not|can't) access this course
    (?:ask|request)[^.]{0,20} (?:for )?access,? or (?:switch|sign|log)
    (?:enter|requires?) (?:the |an? )?(?:\w+ )?(?:password|passcode) to (?:view|access|open|see)
    members[- ]only (?:content|story|post)
    登[录陆]后(?:才能|才可|即可|可以?|方可)?(?:查看|阅读|访问|浏览|继续)
    请(?:先|您?先)?登[录陆](?:后|再|以)?(?:查看|阅读|访问|浏览|继续|账号|您)
    (?:仅限|只限|请使用)[^。]{0,8}(?:校内|校园网|内网|学生|会员|成员)[^。]{0,6}(?:访问|查看|登[录陆])
    请输入(?:访问|查看|分享|文章|页面|相册)?(?:密码|口令)
    需要?登[录陆](?:才能|后|之后)
    (?:您|你)(?:还|尚)?(?:没有|未)登[录陆]
    """
)  # fmt: skip
_SOURCE_WITHIN = 300_000


def login(seen: Seen) -> Judgement | None:
    """`login` where a chain ends at a login page, or a page shows nothing but a demand to log in.

    Never for a link that stands for a login page itself, nor for a page that is missing (404, 410).
    """
    if is_login(seen.link.url) or seen.answer.status in (404, 410):
        return None
    if address := _sent_to(seen):
        return seen.judged("login", "host", address)
    if shows_known_title(seen) or len(seen.page.text) > _SHORT:
        return None
    title = seen.page.title
    if _TITLES.fullmatch(plain(title)):
        return seen.judged("login", "title", title)
    if len(seen.page.text) <= _BRIEF and (demand := found_in(_DEMANDS, seen.page.text)):
        return seen.judged("login", "phrase", demand[:80])
    return None


def is_login(address: str) -> bool:
    """Whether an address is that of a login page, as far as an address can tell."""
    parts = parts_of(address)
    if _HOST.match(host_of(address)) or _PATH.search(parts.path):
        return True
    return bool(_MAYBE.search(parts.path) and _SENT_BACK.search(parts.query))


def _sent_to(seen: Seen) -> str:
    """The login page that a chain ended at, without what it carries back; nothing for no such."""
    for address in (seen.answer.address, seen.page.refresh):
        if is_login(address) and not _is_article(seen):
            return parts_of(address)._replace(query="", fragment="").geturl()
    return ""


def _is_article(seen: Seen) -> bool:
    """A page that only lies at such an address: it shows its title and asks for no password."""
    asks = PASSWORD.search(seen.page.source[:_SOURCE_WITHIN])
    return shows_known_title(seen) and not asks
