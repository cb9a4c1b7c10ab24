from tools.audit.html import css_addresses, read


def test_reads_what_a_page_says_about_itself():
    facts = read(
        '<html lang="zh"><title>One</title><meta name="Description" content=" Two ">'
        '<h1 id="a">x</h1><svg><title>a drawing</title></svg><a name="b">y</a>'
    )
    assert (facts.lang, facts.title, facts.description) == ("zh", "One", "Two")
    assert facts.headings == 1
    assert facts.names == {"a", "b"}


def test_tells_what_is_fetched_from_what_is_followed():
    facts = read(
        '<link rel="stylesheet" href="s.css"><link rel="canonical" href="c"><a href="a">a</a>'
        '<img src="i.png" srcset="j.png 1x, k.png 2x"><form action="f"></form>'
    )
    fetched = {r.address for r in facts.references if r.fetched}
    assert fetched == {"s.css", "i.png", "j.png", "k.png"}
    assert {r.address for r in facts.references} - fetched == {"c", "a", "f"}


def test_reads_addresses_in_styles_wherever_they_stand():
    facts = read('<style>p { background: url("a.png") }</style>\n<p style="mask: url(b.svg)">')
    assert [(r.address, r.line) for r in facts.references] == [
        ("a.png", 1),
        ("b.svg", 2),
    ]


def test_reads_the_picture_of_a_social_card():
    facts = read(
        '<meta property="og:image" content="/card.png"><meta property="og:title" content="x">'
    )
    assert [r.address for r in facts.references] == ["/card.png"]
    assert not facts.references[0].fetched


def test_css_addresses_leave_data_and_comments_out():
    css = "@import 'a.css'; @font-face { src: url(b.woff2) } /* url(c) */ p { cursor: url(data:x) }"
    assert css_addresses(css) == ("a.css", "b.woff2")
