"""What the made-up sites of these tests are made of: a small clean one in two languages."""

import json

HOME = "https://site.example/"
Files = dict[str, str | None]

_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="description" content="{description}">
{head}
</head>
<body data-md-color-scheme="default">
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
_DESCRIPTION = "A made-up page that says enough about itself to be found by a search."


def write(
    body: str = "",
    head: str = "",
    lang: str = "en",
    title: str = "A page",
    description: str = _DESCRIPTION,
) -> str:
    """A valid page."""
    return _PAGE.format(body=body, head=head, lang=lang, title=title, description=description)


def pair(english: str, chinese: str) -> str:
    """The two lines by which a page and its translation name each other."""
    return (
        f'<link rel="alternate" hreflang="en" href="{english}">\n'
        f'<link rel="alternate" hreflang="zh" href="{chinese}">'
    )


def sitemap(*addresses: str) -> str:
    lines = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{lines}</urlset>'


def index(*locations: str) -> str:
    return json.dumps({"docs": [{"location": location} for location in locations]})


def clean_files() -> Files:
    own = f'<link rel="canonical" href="{HOME}">\n'
    return {
        "index.html": write('<p id="here"><a href="#here">Here</a></p>', own + pair("/", "/zh/")),
        "zh/index.html": write(lang="zh", head=pair("/", "/zh/")),
        "404.html": write('<p><a href="/">Home</a></p>'),
        "sitemap.xml": sitemap(HOME, f"{HOME}zh/"),
        "search/search_index.json": index(""),
        "zh/search/search_index.json": index(""),
    }
