"""Pages as such hosts serve them: an article, and all that may stand in its place."""

TITLE = "Gates and memory in recurrent networks"
ANOTHER = "Mid-century chairs, restored by hand"

_SENTENCES = (
    "A recurrent network reads a sequence one step at a time and keeps what it needs in a state.",
    "The forget gate decides how much of the cell survives, the input gate how much is added.",
    "Because the state is carried along by addition, gradients reach steps that lie far behind.",
    "We derive the equations, implement them without a library, and look at what each gate does.",
)
_OTHER_SENTENCES = (
    "Oak seats from the fifties come in by the dozen, most of them with a broken rung.",
    "We glue what can be glued, turn what is lost on the lathe, and oil the wood three times.",
    "Prices include delivery within the county, and a cushion in the fabric of your choice.",
)


def document(title: str, body: str, head: str = "") -> str:
    """A page with this title and this inside of its body."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"{head}</head><body>{body}</body></html>"
    )


def article(title: str = TITLE, more: str = "") -> str:
    """A page that is what it says: a heading and some text of length."""
    sentences = _OTHER_SENTENCES if title == ANOTHER else _SENTENCES
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences * 5)
    bars = "<nav><a href=/>Home</a> <a href=/archive>Archive</a></nav>"
    return document(f"{title} | Notes on learning machines", f"{bars}<h1>{title}</h1>{text}{more}")


CHALLENGE = document(
    "Just a moment...",
    "<h1>example.org</h1><p>Verifying you are human. This may take a few seconds.</p>"
    "<noscript>Enable JavaScript and cookies to continue</noscript>"
    "<script>window._cf_chl_opt={cvId:'3',cType:'managed'};</script>",
    '<script src="/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1?ray=8a1f22bd"></script>',
)
CAPTCHA_ZH = document(
    "安全验证", "<h1>安全验证</h1><p>您的访问出现异常，请完成验证后继续。</p><div id=captcha></div>"
)
DELETED = document(
    "Page not found",
    "<nav><a href=/>Home</a></nav><h1>Page not found</h1>"
    "<p>Sorry, the page you are looking for does not exist or has been removed.</p>",
)
DELETED_ZH = document(
    "404 页面不存在", "<h1>页面不存在</h1><p>抱歉，您访问的页面不存在或已被删除。</p>"
).replace('lang="en"', 'lang="zh"')
PARKED = document(
    "farm.test is for sale",
    "<h1>farm.test</h1><p>This domain is for sale! Buy this domain.</p>"
    "<p>Related searches: <a href=/s>Online courses</a></p>",
    '<script src="https://img1.wsimg.com/parking-lander/static/js/main.js"></script>',
)
LOGIN = document(
    "Sign in",
    "<h1>Sign in to continue</h1><form method=post action=/session>"
    "<input name=email type=email><input name=password type=password>"
    "<button>Sign in</button></form>",
)
SCRIPTED = document(
    TITLE, '<div id="root"></div><noscript>You need to enable JavaScript.</noscript>',
    '<script type="module" src="/assets/index-4f1c.js"></script>',
)  # fmt: skip
PDF = b"%PDF-1.5\n%\xd0\xd4\xc5\xd8\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + b"0" * 20_000
