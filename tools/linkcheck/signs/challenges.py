"""How hosts refuse robots: by status, by header, by the address they send to, and by their page.

The tables only; `refusals` asks them. Latin phrases are matched in any case.
"""

import re
from collections.abc import Sequence

from tools.linkcheck.signs.wording import anywhere, whole_title

# Bilibili says 412, LinkedIn 999, Chinese firewalls 418 to 567; 520 to 530 are of CDNs alone.
REFUSING = frozenset(
    {401, 402, 403, 405, 406, 407, 412, 418, 421, 444, 449, 450, 451, 455, 456, 460, 463, 466,
     493, 494, 498, 499, 567, 999, *range(520, 531)}
)  # fmt: skip
# Statuses that mean what they say unless the answer is a challenge without any doubt.
PLAIN = frozenset({404, 410, 429})

# Header, and what it says when the answer is a challenge and no page.
HEADERS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("cf-mitigated", anywhere("challenge|block")),
    ("cf-chl-bypass", anywhere("1")),
    ("x-amzn-waf-action", anywhere("challenge|captcha")),
    ("x-vercel-mitigated", anywhere("challenge|deny")),
    ("x-sucuri-block", anywhere(".+")),
    ("x-kpsdk-ct", anywhere(".+")),
    ("sg-captcha", anywhere("challenge")),
)

# Hosts and paths that exist to hold robots up, or to ask for a consent nobody gives for a robot.
HOSTS = (
    "captcha-delivery.com", "validate.perfdrive.com", "wappass.baidu.com", "sec.douban.com",
    "consent.youtube.com", "consent.google.com", "consent.yahoo.com", "guce.yahoo.com",
)  # fmt: skip
PATHS = anywhere(
    r"""
    /sorry/index
    /cdn-cgi/(?:challenge|l/chk)
    /\.well-known/(?:sg)?captcha
    /account/unhuman
    /antispider\b
    /wappoc_appmsgcaptcha
    /_incapsula_resource
    /(?:captcha|verify-?human|are-?you-?human|blockpage|bot-?check)(?:[/.]|$)
    /errors/validatecaptcha
    /_sec/cp_challenge
    """
)  # fmt: skip

# Standing only in challenges, of whatever status, in lower case: Cloudflare, DataDome, AWS, Kasada,
# Anubis, HUMAN, Zhihu, Aliyun, Jiasule, Sucuri, DDoS-Guard, cdnfly, EdgeOne, ByteDance, Akamai …
SCRIPTS = (
    "_cf_chl_opt", "jschl_answer", "jschl-answer", "geo.captcha-delivery.com",
    "ct.captcha-delivery.com", "interstitial.captcha-delivery.com", "window.gokuprops",
    "awswafintegration.savereferrer", "awswafintegration.checkforcerefresh", "/ips.js?kp_uidz",
    "/ips.js?x-kpsdk", 'id="anubis_challenge', "/.within.website/x/cmd", 'id="px-captcha',
    "zh-zse-ck", "acw_sc__v2", "var arg1='", "aliyun_waf_aa", "__jsl_clearance",
    "sucuri_cloudproxy_js", "check.ddos-guard.net", "/.well-known/ddos-guard/js-challenge",
    "/_guard/auto.js", "/_guard/html.js", "/_guard/slide.js", "/_guard/click.js",
    "https_ydclearance", "yunsuo_session_verify", "security_session_verify", "eo_bot_ssid",
    "__tst_status", "_wafchallengeid", "__ac_nonce", "wzwsquestion", "bm-verify=",
    "sec-if-cpt-container", "/_fs-ch-", "slowaes.decrypt", "/.well-known/vercel/security",
    "distilidentificationblock", "incapsula incident id", "window.rbzns", "secitptpage/verify",
    "/.well-known/sgcaptcha/", "/.safeline/", "errors.aliyun.com", "errors.edgesuite.net",
)  # fmt: skip
# A cookie set by script and the page loaded again: a gate, where there is nothing else on the page.
COOKIE_GATE = re.compile(r"document\.cookie\s*=")
LOADED_AGAIN = re.compile(r"location\.(?:reload|href|replace)|location\s*=")

TITLES = whole_title(
    r"""
    just a moment
    one moment,? please
    please wait
    attention required!?
    access(?: to this (?:page|website|site|resource))?(?: has been| is)? denied
    (?:request|access|you have been|you are being|sorry,? you have been) (?:blocked|rejected)
    (?:403|error 403|403 error)(?:[ -:]*(?:forbidden|access denied))?
    forbidden
    (?:security|browser|robot|bot|human) (?:check|challenge|verification|checkpoint)(?: screen)?
    (?:vercel )?security checkpoint
    security check required
    robot check
    are you (?:a )?(?:robot|human)
    (?:verify|prove|confirm)(?:ing)? (?:that )?you(?: a|')re (?:a )?(?:human|not a (?:ro)?bot)
    human verification
    bot verification
    making sure you're not a bot!?
    checking your browser(?: before accessing.*)?
    pardon our interruption
    ddos-guard
    ddos protection by .*
    captcha(?: challenge)?
    not acceptable!?
    request (?:unsuccessful|rejected)
    the request could not be satisfied
    unusual traffic.*
    too many requests
    subscribe to read
    unavailable (?:for legal reasons|in your region)
    blocked
    client challenge
    oh noes!?
    performing security verification
    validating your (?:browser|request)
    (?:百度|网络|系统)?安全验证
    (?:安全|人机|访问|身份|滑动|滑块|行为|图形)验证(?:页面)?
    验证码(?:页面|验证)?
    环境异常
    访问(?:被拒绝|被拦截|受限|限制|异常|禁止|验证)
    请稍[候后等]
    安全检[测查]
    拦截(?:提示|页面)
    (?:网站)?防火墙
    禁止访问
    (?:当前)?访问(?:过于|太)?频繁
    出错啦!? - bilibili\.com
    知道创宇云防御.*
    访问拒绝
    您的访问被阻断
    错误号: ?412
    """
)  # fmt: skip

PHRASES = anywhere(
    r"""
    checking if the site connection is secure
    checking your browser before
    (?:verify|confirm|prove|make sure|ensure|check)(?:ing)?(?: that)? you(?:'re| are) (?:a )?human
    you(?:'re| are) not a (?:ro)?bot
    enable javascript and cookies to continue
    (?:complete|solve) the (?:captcha|security check)
    needs to review the security of your connection
    you have been blocked
    (?:why|reason) (?:have i been|was i) blocked
    press (?:&|and) hold
    error code: ?10\d\d
    access (?:to this page has been|denied[\s\S]{0,200}reference ?#)
    you don't have permission to access [\s\S]{1,200}on this server
    the request could not be satisfied
    the requested url was rejected
    detected unusual (?:traffic|activity)
    unusual traffic from your (?:computer )?network
    enter the characters you see below
    your (?:access|ip)[\s\S]{0,60}(?:blocked|limited by)
    your request (?:has been|was) (?:blocked|denied|rejected)
    request is being verified
    made us think (?:that )?you (?:are|were|might be) a bot
    automated (?:access|requests?|traffic|tools?)[\s\S]{0,60}(?:not allowed|blocked|detected)
    (?:not|isn't)(?: yet| currently)? available (?:in|for|from) your (?:country|region|location)
    unavailable in your (?:country|region|location)
    unavailable due to legal reasons
    this site requires javascript to work
    ddos protection by
    sucuri website firewall
    incapsula incident id
    security control policy
    performing security verification
    (?:您|你)的?访问(?:已)?被(?:阻断|拦截|拒绝|禁止)
    访问请求(?:可能)?[^。]{0,20}被(?:拒绝|拦截)
    (?:您的请求|请求)(?:带有不合法参数|已被|被)[^。]{0,20}(?:拦截|阻断|拒绝)
    (?:当前)?请求存在异常
    暂时限制本次访问
    安全风控策略
    环境异常.{0,30}完成验证
    完成(?:下方|以下|安全)?验证后.{0,8}(?:继续|访问)
    请(?:先)?完成(?:安全|人机|下[方列]|以下|滑[动块])验证
    请(?:拖动|按住|向右滑动)[^。]{0,10}滑块
    检测到(?:您|你)的?(?:网络|账号|访问|环境|ip)[^。]{0,20}(?:异常|可疑|频繁)
    访问(?:过于|太)频繁
    操作(?:过于|太)频繁
    请求(?:过于|太)频繁
    (?:正在|需要)(?:验证|检查|检测)(?:您|你)的?(?:浏览器|是否是真人|连接)
    (?:确认|验证)(?:您|你)(?:是真人|不是机器人)
    请输入(?:图中|图片中的?|下图)?验证码
    (?:您|你)?所在的?(?:国家|地区|区域)[^。]{0,20}(?:无法|不能|不可|暂不)
    该(?:网页|页面|内容|视频)[^。]{0,10}所在地区不可
    网站防火墙
    云(?:防护|锁|盾|加速|waf)[^。]{0,20}(?:拦截|验证|检测)
    """
)  # fmt: skip

# In a small JSON answer where a page was asked for.
JSON_PHRASES = anywhere(
    r"""
    captcha
    verif(?:y|ication)
    forbidden
    denied
    too many requests
    rate.?limit
    \bblocked\b
    \b(?:ro)?bots?\b
    unusual (?:traffic|activity)
    not allowed
    unauthori[sz]ed
    频繁
    风控
    验证
    异常
    非法(?:访问|请求)
    限制
    拦截
    阻断
    未登录
    请(?:先)?登[录陆]
    权限不足
    """
)  # fmt: skip
# Bilibili's and Zhihu's own numbers for a robot that was recognised.
JSON_CODES = frozenset({-352, -401, -403, -412, -509, -799, 40352, 40353, 40362})
