"""What parked, unconfigured and hijacked domains show. The tables only; `parked` asks them."""

import re

from tools.linkcheck.signs.wording import anywhere, whole_title

# Where names are sold: a chain that ends there has left the site it began at.
SELLERS = (
    "hugedomains.com", "sedo.com", "dan.com", "undeveloped.com", "afternic.com", "buydomains.com",
    "domainmarket.com", "brandbucket.com", "atom.com", "squadhelp.com", "forsale.godaddy.com",
    "namebright.com", "parkingcrew.net", "bodis.com", "above.com", "efty.com", "saw.com", "sav.com",
    "spaceship.com", "dynadot.com", "epik.com", "uniregistry.com",
    "perfectname.com", "domainnamesales.com", "parklogic.com", "sedoparking.com",
    "searchhounds.com", "mi.aliyun.com", "wanwang.aliyun.com", "ename.com", "juming.com", "4.cn",
    "22.cn", "west.cn", "gname.com", "namesilo.com", "porkbun.com",
)  # fmt: skip
# Team Internet's landers stand at `ww1.` to `ww99.` of the parked name itself.
SELLING_HOST = anywhere(r"^ww\d{1,2}\.")
SELLING_PATHS = anywhere(
    r"""
    ^/lander/?$
    ^/cgi-sys/(?:suspended|default(?:web)?)page\.cgi
    ^/sk-park\.php
    ^/parking-?lander
    ^/domain_profile\.cfm
    """
)  # fmt: skip

# What only landers load, in lower case.
SCRIPTS = (
    'location.href="/lander', "location.href='/lander", 'location="/lander', "data-adblockkey=",
    "sedoparking.com", "parkingcrew.net", "d38psrni17bvxu.cloudfront.net", "parklogic.com",
    "wsimg.com/parking-lander", "lander_system", "window.park = ", "bodis.com",
    "google.com/adsense/domains/caf.js", "iseaskies.com", "hugedomains.com/domain_profile",
    "afternic.com/forsale", "dan.com/buy-domain", "scripts-compressed/parking-page-",
    "sk-logabpstatus.php", "sk-park.php", "cdn.dan.com", "cdn.efty.com", "parking.namesilo.com",
    "dsnextgen.com", "ztomy.com", "domainsponsor.com", "cashparking", "skenzo.com", "namedrive.com",
    "dns-parking", "domain-parking", "parkingpage", "/parking.php",
    "parking.reg.ru", "mi.aliyun.com/detail", "wanwang.aliyun.com/domain",
)  # fmt: skip

FOR_SALE = anywhere(
    r"""
    (?:domain|name|web ?site) (?:is|may be|might be) (?:now |available )?for sale
    [\w-]{1,63}\.[a-z]{2,24} (?:is|may be|might be) (?:now |available )?for sale
    (?:buy|purchase|acquire|get|own|inquire about|interested in) this (?:premium )?domain
    make an? offer[^.]{0,40}domain
    premium domain(?: name)?[^.]{0,20} for sale
    domain(?: name)? for sale
    this (?:web ?page|domain(?: name)?|site|website) is parked
    parked free,? courtesy of
    domain (?:name )?(?:is )?parked (?:at|by|with|on|courtesy)
    (?:this )?domain (?:name )?(?:has|is) (?:been )?expired
    renew (?:this|your) domain
    (?:this|the|your) domain(?: name)? (?:is|was|has) (?:(?:been|recently|just) ){0,2}registered
    (?:this|the|your) domain(?: name)? (?:is|was|has) (?:been )?(?:parked|reserved|on hold)
    (?:this|the|your) domain(?: name)? (?:is|was|has been) (?:suspended|deactivated|seized)
    domain (?:name|\S+\.\S+)(?: \S+\.\S+)? (?:is|was|has been) (?:registered|reserved|suspended)
    ^[\w-]{1,63}(?:\.[\w-]{1,63})+ - (?:registered|parked|reserved) (?:at|by|with)
    parked (?:at|by|on|with) (?:porkbun|namecheap|godaddy|dynadot|name\.com|hover|gandi|ionos|sedo)
    [\w-]{1,63}\.[a-z]{2,24} is available for purchase
    domain (?:is |has been )?pending (?:icann|renewal)
    (?:registrant|whois|icann)[^.]{0,100} (?:not (?:yet )?(?:been )?|un)verified
    verif(?:y|ied|ication)[^.]{0,80} (?:reactivate|restore|suspended|suspension)[^.]{0,40} domain
    premium domain(?: name)?[^.]{0,20} (?:available|offered)
    domain(?: name)?(?: \S+\.\S+)? (?:is|may be) (?:now )?available (?:for|to) (?:purchase|buy)
    domain(?: name)?(?: \S+\.\S+)? (?:is|may be) (?:now )?available (?:for|to) (?:acquire|lease)
    (?:minimum|opening|best) (?:offer|bid)\b[^.]{0,80}escrow
    (?:transfer|transaction|purchase|payment)s?[^.]{0,30} (?:by|via|through|with|at) escrow\.com
    sponsored (?:listings|links)[^.]{0,40} served automatically
    zero-?click network
    domain steht (?:zum|zu[mr]) verkauf
    domain (?:wurde|ist) (?:\w+ )?(?:registriert|reserviert|geparkt|abgelaufen)
    domaine (?:a été|est) (?:\w+ )?(?:enregistré|réservé|parqué|expiré)
    dominio (?:ha sido|está) (?:\w+ )?(?:registrado|reservado|aparcado|caducado)
    domaine? est (?:à vendre|en vente)
    dominio (?:está en venta|è in vendita)
    домен (?:продаётся|продается|припаркован)
    このドメイン(?:は|を)[^。]{0,30}(?:お名前|販売|売|取得)
    域名(?:正在|可以?|现|已)?(?:出售|转让|售卖|竞价|拍卖)
    (?:出售|转让|购买|求购|买)(?:此|该|这个|本)域名
    (?:此|该|本|您访问的|这个)域名[^。]{0,20}(?:出售|转让|过期|到期|停放|未绑定|购买|可合作)
    域名(?:已|已经)?(?:过期|到期|停放)
    域名[^。]{0,8}(?:议价|询价|诚意|交易平台)
    域名(?:已|已经|被)(?:被)?(?:注册|暂停|冻结|锁定)
    域名[^。]{0,12}(?:实名|模板|信息)[^。]{0,12}(?:未通过|未审核|审核失败|暂停解析|停止解析)
    一口价[^。]{0,20}域名|域名[^。]{0,20}一口价
    """
)  # fmt: skip

# What a server shows before anybody has put a site on it, or after somebody took it away.
UNCONFIGURED = whole_title(
    r"""
    welcome to (?:nginx|openresty|tengine|caddy|centos|lighttpd)!?.{0,40}
    welcome to your new (?:site|website|droplet)!?
    (?:ubuntu|debian|centos|red hat|rocky linux|almalinux)? ?default page.{0,20}
    apache2? .{0,30}default page.{0,20}
    (?:apache )?http server test page.{0,60}
    test page for (?:the )?.{0,60}
    iis ?\d{0,2}(?: windows(?: server)?)?(?: \d+)?
    iis windows(?: server)?
    (?:web server's |domain )?default (?:web ?)?(?:site )?page
    account suspended
    (?:this )?(?:site|website|account)(?: has been| is)? (?:suspended|expired|unpublished)
    (?:this )?(?:site|website)(?: is)? not (?:published|configured)
    (?:this )?(?:site|website|web site) (?:has been|is) (?:suspended|disabled|deactivated)
    website (?:not )?coming soon|default parallels plesk page
    caddy works!
    it works!
    没有找到站点
    恭喜[，,]?\s*站点创建成功!?
    (?:该|此)?站点已?(?:暂停|过期|停止|关闭)
    domain parking
    parked domain(?: name)?(?: (?:on|at|by|with) .{1,60})?
    (?:this )?domain (?:name )?(?:is |has been )?(?:parked|reserved|expired)
    (?:this )?domain (?:name )?(?:is )?not (?:configured|connected)
    .{0,40}premium domain(?: name)?
    网站已?(?:暂停|过期|到期|停止运行)
    (?:该)?(?:网站|站点)(?:建设中|未开通|已关闭)
    """
)  # fmt: skip
UNCONFIGURED_TEXT = anywhere(
    r"""
    if you see this page, the \S+ (?:web )?server is successfully installed
    this account has been suspended
    looks like this domain isn't connected to a website
    this (?:site|website) (?:has been|is) (?:suspended|no longer published)
    no (?:web)?site (?:is )?(?:configured|set ?up) (?:at|for) this (?:address|domain)
    the site you(?:'re| are) looking for (?:is )?not published
    sorry, this shop is currently unavailable
    future home of something
    hier entsteht eine neue (?:internetpräsenz|webseite|website|homepage)
    upload (?:your|the) (?:web ?site|site)(?:'s)? (?:files|content|pages)
    (?:replace|delete) (?:this|the default) (?:page|file)[^.]{0,50}(?:public_html|httpdocs)
    (?:replace|overwrite) (?:this|the default) (?:page|file)[^.]{0,60}your (?:own|web ?site)
    (?:this is|you are seeing) the default (?:index |web |welcome |landing )?page (?:of|for|on)\b
    this (?:(?:web ?)?site|domain) (?:is|was|has) not (?:yet )?(?:been )?(?:configured|uploaded)
    this (?:(?:web ?)?site|domain) (?:is|was|has) not (?:yet )?(?:been )?(?:set up|connected)
    您的请求在web服务器中没有找到对应的站点
    (?:该|此)站点已经被管理员停止运行
    (?:网站|站点)[^。]{0,10}(?:已过期|已到期|欠费|空间到期)
    (?:未|没有|尚未|无)[^。]{0,16}备案[^。]{0,16}(?:访问|开通|恢复|接入|打开)
    (?:网站|站点|域名)[^。]{0,10}(?:未备案|未取得备案|未完成备案|备案(?:已)?(?:被)?注销)
    这是默认index\.html
    本页面由(?:系统|宝塔)[^。]{0,10}自动生成
    """
)  # fmt: skip

# Addresses to which a page hands its readers on without a link: frames, and scripts.
HANDS_ON = re.compile(
    r"<i?frame\s[^<>]{0,300}?src\s*=\s*[\"']?([^\s\"'<>]+)"
    r"|\blocation(?:\.href)?\s*=\s*[\"']([^\s\"'<>]+)"
    r"|\blocation\.(?:replace|assign)\(\s*[\"']([^\s\"'<>]+)",
    re.IGNORECASE,
)

# In a title each of these says enough where the known title is missing. Words that learning
# resources use too stay out: casino, poker, blackjack, slot machine, bandit, lottery ticket.
VICE = anywhere(
    r"""
    \bslot (?:gacor|online|777|88|maxwin|deposit|dana|resmi|terpercaya)
    \b(?:situs|agen|bandar|link) (?:slot|judi|togel|bola)
    \bjudi (?:online|bola|slot)
    \btogel\b
    \bmaxwin\b
    \bsbobet
    \brtp (?:slot|live)
    \bpragmatic play
    \b(?:online|crypto|live|bitcoin) casinos?\b
    \bcasino (?:bonus|online|games?|en ligne|sites?|slots)
    \b(?:no deposit|welcome) bonus
    \bfree spins\b
    \bsports? ?book\b|\bsports betting
    \bbet365|\b1xbet|\b22bet|\bmostbet|\bpin-?up bet
    \bbetting (?:sites?|tips|odds)
    казино
    букмекер
    cassino|apostas
    \bnhà cái\b|\bcá cược\b
    카지노|바카라|토토사이트|먹튀
    (?:オンライン)?カジノ
    \b(?:viagra|cialis|levitra|sildenafil|tadalafil)\b
    \bonline pharmacy\b|\bwithout prescription\b
    \bporn(?:o|hub)?\b(?! (?:detect|classif))|\bescorts?\b
    \bxxx (?:videos?|tube)|\bsex (?:videos?|cam|chat)\b
    \bpayday loans?\b|\bessay writing service
    \breplica (?:watches|handbags)
    博彩|赌博(?!机|问题)|六合彩|时时彩|百家乐|娱乐城
    真人(?:娱乐|视讯)|北京赛车|pk10|快三(?:开奖|平台)
    葡京|金沙(?:娱乐|国际|会|城|在线)|威尼斯人?(?:娱乐|官网|平台)
    太阳城(?:集团|娱乐|官网)|澳门(?:新葡|娱乐|永利|银河|金沙|赌)
    体育(?:投注|博彩|竞猜|买球)|(?:投注|买球|赌球)(?:平台|网站|官网|app)
    (?:彩票|棋牌)(?:平台|购买|官网|app|下载|游戏)
    (?:开云|乐鱼|亚博|华体会?|爱游戏|九游|米兰|星空|半岛|江南)[·•\s()（）a-z-]{0,12}(?:体育|娱乐|电竞|中国)
    (?:皇冠|必一|金年会|雷火|天博|云开|\bbob|\bky)[·•\s()（）a-z-]{0,12}(?:体育|娱乐|电竞|中国)
    \bkaiyun\b|\bleyu\b|(?:ag真人|凯发|必威|万博|永利|新濠)(?:娱乐|体育|国际|官网|平台|k8|app)
    成人(?:视频|电影|影院)|一级毛?片|无码|av在线|在线av
    黄色(?:视频|网站)|裸聊|约炮|国产精品(?:视频|久久)|久久精品
    """
)  # fmt: skip
