"""The words in which pages say that something is gone, or that they are no page to judge.

All are looked for in `plain` text: lower case, half width, simplified characters. The patterns
follow the grammar of such notices (a thing, then what became of it), so that a wording that nobody
here has seen is understood too.
"""

import re
from collections.abc import Sequence

_THING = (
    r"(?:web ?|blog |docs? |documentation )?(?:page|article|post|story|content|document|file|url"
    r"|address|link|topic|thread|question|video|notebook|repository|resource|item|paper|project"
    r"|lesson|course|blog|entry|slideshow|presentation|tutorial|gist|book|material|listing|folder"
    r"|share|record|playlist|class|dataset|sandbox|profile|module"
    r"|publication|channel|(?:web)?site|location|object)s?"
)
_FATE = (
    r"(?:not (?:be )?(?:found|located)|(?:does|did|do|may|might)(?: not|n'?t)(?: \w+ly)? exist"
    r"|(?:cannot|can'?t|can not|couldn'?t) be (?:found|located)"
    r"|no longer (?:exists?|available|accessible|here|online|hosted|offered|published)"
    r"|(?:isn'?t|not) (?:here|available|there)|never existed|unavailable|missing|lost|expired"
    r"|vanished|disappeared|wandered (?:off|away)|no longer public"
    r"|gone|removed|deleted|taken down|taken offline|unpublished|withdrawn|retired|discontinued"
    r"|moved or (?:deleted|removed|renamed))"
    r"(?: any ?more| by (?:the|its) (?:\w+ )?\w+| (?:on|from|in) (?:this|our|the) \w+)?(?! in your)"
)
_AUXILIARY = (
    r"(?:was|were|is|are|has|have|had|may|might|could|can|been|be|got|either|probably|already"
    r"|since|gone|just|currently|permanently|recently|(?:archived|moved|renamed|expired) (?:and|or)"
    r"|it|you|we|sorry)"
)
# "… that you are looking for", "… you requested", "… at this address".
_WHICH = (
    r"(?: (?:that |which )?(?:you|you're|you've|we|at this|at that|with this|in this|on this)"
    r"(?: [\w']+){0,6})?"
)
_CANNOT = (
    r"(?:can ?not|can'?t|could ?n[o']t|couldn'?t|could not|unable to|not able to|didn'?t|did not"
    r"|failed to)"
)
_ENGLISH = (
    rf"\b(?:{_THING} or )?{_THING}{_WHICH},?(?: {_AUXILIARY}){{0,5}} {_FATE}\b"
    rf"(?: or(?: {_AUXILIARY}){{0,3}} {_FATE}\b)?(?: (?:to|for) you\b)?",
    rf"\b{_CANNOT}(?: seem to)? (?:find|locate)(?: [\w']+){{0,5}} {_THING}{_WHICH}\b",
    rf"\b{_CANNOT}(?: seem to)? find what you(?:'re| are| were) (?:looking|searching) for\b",
    r"\b(?:user|author|account|member) (?:(?:was |is )?not found|does(?:n't| not) exist)\b",
    r"\b[\w-]+(?:\.[\w-]+){2,3} (?:is no longer available|does(?:n't| not) exist)\b",
    rf"\bwe(?:'ve| have)? (?:lost|retired|removed|deleted) (?:this|that|the) {_THING}\b",
    r"\bnothing (?:was |could be )?found\b(?: here| at this \w+)?|\bthere(?:'s| is) nothing here\b",
    rf"\bno such {_THING}\b|\bnot found on this server\b|\b404[ :,.-]+(?:error|not found)\b",
    r"(?:\b(?:author|owner|user|poster|creator|uploader)s? )?"
    r"\b(?:has |have |had )?(?:since )?(?:deleted|removed|unpublished|withdrawn)"
    rf" (?:this|the|that) (?:\w+ )?{_THING}\b",
    r"(?:\byou(?:'ve| have)? )?\b(?:followed|clicked|reached|found) (?:on )?an?"
    rf" (?:broken|dead|outdated|expired) {_THING}\b",
    rf"\b(?:deleted|removed|missing|nonexistent|non-existent) {_THING}\b",
)
_ZH_THING = (
    r"(?<!评论)(?<!回复)(?<!留言)(?<!弹幕)"
    r"(?:页面|网页|文章|博文|博客|文档|内容|帖子|贴子|主题|视频|文件|链接|地址|网址|问题|回答|专栏|资源"
    r"|课程|信息|稿件|笔记|日志|商品|公众号|项目|仓库|作品|图书|站点|网站|栏目|分享|教程|节目|资料|词条"
    r"|页|文|贴|帖)"
)
_ZH_WHO = (
    r"(?:原?作者|发布者|用户|管理员|楼主|系统|上传者|up主|博主|版主|分享者|其|本人|发布人|官方)"
)
_ZH_GONE = r"(?:删除|移除|下架|撤回|封禁|屏蔽|清理|隐藏|移走|取消)"
_CHINESE = (
    rf"{_ZH_THING}[^。!?;\n]{{0,14}}?(?:不存在|未找到|找不到|没有找到|没找到|无法找到|未能找到|不见了"
    rf"|丢失|弄丢|走丢|失踪|飞走了|去哪了|去哪儿了|失联|跑丢|迷路|消失了|不在了|不翼而飞)",
    rf"{_ZH_THING}[^。!?,;\n]{{0,10}}?(?:已经?|被|遭){{1,2}}(?:被)?(?:{_ZH_WHO}|[和或及、]){{0,3}}"
    rf"(?:自行|主动|永久)?{_ZH_GONE}",
    rf"{_ZH_THING}[^。!?,;\n]{{0,6}}?已经?(?:失效|过期|下线|关闭|停止(?:服务|运营|访问))",
    rf"(?:找不到|没有找到|未找到|未能找到|无法找到|没找到)了?[^。!?;\n]{{0,12}}?{_ZH_THING}",
    r"(?:用户|作者|[账帐][号户]|博主)[^。!?;\n]{0,6}?不存在",
    r"(?:用户|作者|[账帐][号户]|up主|博主)[^。!?;\n]{0,8}?(?:封禁|封号|注销|冻结|停用|屏蔽|处罚|关闭)"
    r"[^。!?;\n]{0,12}?(?:不可见|无法(?:查看|访问|浏览|显示)|不予(?:显示|展示)|不能(?:查看|访问))",
    r"因(?:为)?(?:违规|违反)[^。!?;\n]{0,16}?(?:无法查看|已被|被删除|被屏蔽)",
    r"(?:你似乎来到了)?没有知识存在的荒原|出错啦!?$|视频去哪了呢?|你来晚了|您来晚了|错误404|404错误|404公益",
)
NOTICES: Sequence[re.Pattern[str]] = tuple(re.compile(one) for one in (*_ENGLISH, *_CHINESE))
# Alone in a title or a line, these say as much.
BARE_WORDS = re.compile(
    r"(?:(?:page|file|document|article|post|content|video|story|url) )?(?:not found|unavailable"
    r"|does(?: not|n't) exist|removed|deleted)|nothing (?:to see )?here"
    r"|未找到|找不到|已删除|已被删除|不存在"
)
BARE_NUMBER = re.compile(r"\b(?:404|410)\b")
# What stands around a notice and tells nothing.
FILLERS = re.compile(
    r"\b(?:oo+ps?|whoops|uh[- ]?oh|sorry|hm+|error|http|status|code|404|410|gone|oh no|ouch|we're"
    r"|the|this|that|shared|page|(?:it )?(?:looks|seems) like|but|url|requested)\b"
    r"|抱歉|对不起|很|啊哦|哎呀|哎哟|糟糕|呃|出错了?|错误|提示(?:信息)?|系统|[您你]?(?:所?访问|要找)的|该|此|本"
    r"|页面|了|呢"
)
# A condition is no notice: documentation is full of them.
CONDITION = re.compile(
    r"(?:if|when|whenever|unless|suppose|in case|returns?|raises?)\b|如果|若|当|假如"
)
# Pages that stand between a reader and the page: what they call themselves says nothing of it.
BETWEEN = re.compile(
    r"before you continue|cookies?\b.*\b(?:settings|policy|preferences)|consent|just a moment"
    r"|attention required|access denied|forbidden|verify|verification|captcha|security check"
    r"|are you (?:a )?(?:human|robot)|not a (?:ro)?bot|checking your|please wait|redirect(?:ing)?\b"
    r"|^loading|maintenance|be right back|temporarily|service unavailable|bad gateway|time-?out"
    r"|^(?:log|sign) ?(?:in|on|up)\b|unsupported browser|browser (?:is )?not supported"
    r"|update your browser|rate limit|too many requests|^error\b|internal server|javascript"
    r"|请稍[候等]|安全验证|验证码|人机|正在跳转|跳转中|加载中|维护|登录|登陆|访问(?:受限|异常|过于频繁)|环境异常"
    r"|服务器错误|系统繁忙|浏览器版本|提取码|访问密码|即将离开|外部链接|年龄确认"
    r"|(?:enter|provide) (?:the |your |a )?(?:pass|access|share)|password[- ]protected|^protected: "
    r"|leaving (?:our|this|the|\w+(?:\.\w+)?)(?: site)?$|age (?:check|gate)"
    r"|terms (?:of (?:use|service)|have)"
)
# What such pages say, where their title is only the site's.
ASKING = re.compile(
    r"(?:enter|type|need|requires?|provide) (?:the |your |an? )?(?:\w+ )?(?:password|passcode"
    r"|access code|invitation code)|password[- ]protected"
    r"|(?:accept|agree to|consent to) (?:all |the |our )?(?:\w+ )?(?:cookies|terms|conditions)"
    r"|you are (?:about to leave|leaving)"
    r"|continue to (?:the |this |your )?(?:web ?)?(?:site|page|destination|external)"
    r"|(?:choose|select) (?:your |a )?(?:language|region|country)|(?:over|at least) 18"
    r"|subscribe[^.]{0,30} to (?:keep|continue) reading|already (?:a subscriber|have an account)"
    r"|提取码|(?:输入|需要)[^。]{0,6}(?:密码|口令|验证码|邀请码)|即将(?:离开|跳转)|继续访问"
    r"|同意[^。]{0,12}(?:协议|条款|隐私)|(?:接受|允许)[^。]{0,6}cookie|选择(?:语言|地区)|年满18"
)
# Where a page asks for a password.
PASSWORD = re.compile(r"<input\b[^<>]{0,300}?type\s*=\s*[\"']?password", re.IGNORECASE)
# What editors and servers call a page that nobody has given a name, and bare course numbers.
NAMELESS = re.compile(
    r"untitled(?: (?:document|page|\d+))?|(?:new )?page ?\d*|(?:new )?document ?\d*|title|no title"
    r"|index(?: of .*|\.html?)?|default|home ?page|[a-z]{2,5}[ -]?[a-z]?\d{2,4}[a-z]{0,2}"
    r"|无标题(?:文档)?|新建网页 ?\d*|未命名"
)
