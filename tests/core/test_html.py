"""HTML mail reads as its reader sees it: blocks are lines, hidden text is not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxbot.core import html
from inboxbot.core.html import lines, visible


def text_of(markup: str) -> str:
    return visible(markup)[0]


def test_blocks_are_lines_and_paragraphs_stand_apart():
    markup = """<html><head><title>no</title></head><body><h1>Hello</h1><p>one
      two<br>three</p><div>four</div><div>five <b>six</b>,seven</div>
      <ul><li>a<li>b</ul><table><tr><td>c<td>d<tr><td>e</table></body></html>"""
    assert (
        text_of(markup) == "Hello\n\none two\nthree\n\nfour\nfive six,seven\n\n- a\n- b\n\nc d\ne"
    )


def test_entities_and_preformatted_lines_are_read():
    assert text_of("<p>a&nbsp;&amp;&#x20AC;</p><pre>x\n  y\n\nz</pre>") == "a &€\n\nx\ny\n\nz"
    assert text_of('<div style="white-space: pre-wrap">x\ny</div>') == "x\ny"


@pytest.mark.threat("D12")
@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">unfortunately</div>',
        '<div style="DISPLAY : None !important">unfortunately</div>',
        '<div style="display:none"><p><b style="display:block">unfortunately</b></p></div>',
        '<span style="visibility:hidden">unfortunately</span>',
        '<span style="font-size:0">unfortunately</span>',
        '<span style="font-size:1px;line-height:1px">unfortunately</span>',
        '<span style="font:0/0 a">unfortunately</span>',
        '<div style="opacity:0">unfortunately</div>',
        '<div style="opacity:0.01">unfortunately</div>',
        '<div style="mso-hide:all">unfortunately</div>',
        '<div style="max-height:0;overflow:hidden">unfortunately</div>',
        '<div style="height:0px;overflow:hidden">unfortunately</div>',
        '<div style="position:absolute;left:-9999px">unfortunately</div>',
        '<div style="text-indent:-9999px">unfortunately</div>',
        '<p style="color:#fff">unfortunately</p>',
        '<p style="color:#FEFEFE;background:white">unfortunately</p>',
        '<p style="color:rgb(0, 0, 0);background-color:#000">unfortunately</p>',
        '<p style="color:transparent;background:#fff"><font color=white>unfortunately</font></p>',
        '<table bgcolor="#336699"><tr><td><font color="336699">unfortunately</font></table>',
        "<p hidden>unfortunately</p>",
        "<style>.x{display:none}</style><p class='a x'>unfortunately</p>",
        "<style>p.x, #y{font-size:0}</style><p id=y>unfortunately</p>",
        "<style>/* } */ .x{color:white}</style><p class=x>unfortunately</p>",
        ("<style><!-- .x{display:none!important} --></style>"
         "<p class=x style='display:block'>unfortunately</p>"),
        "<!-- unfortunately -->",
        "<!--[if mso]><p>unfortunately</p><![endif]-->",
        "<script>unfortunately</script><style>unfortunately</style><title>unfortunately</title>",
        "<template>unfortunately</template><textarea>unfortunately</textarea>",
        '<img alt="unfortunately"><input value="unfortunately">',
    ],
)  # fmt: skip
def test_what_no_reader_sees_is_not_read(hidden: str):
    assert (
        text_of(f"<p>We are pleased.</p>{hidden}<p>Welcome.</p>") == "We are pleased.\n\nWelcome."
    )


@pytest.mark.threat("D12")
def test_the_colours_of_the_body_count():
    markup = '<body text="#ffffff" bgcolor="#fdfdfd"><p>no</p><p style="color:#000">yes</p></body>'
    assert text_of(markup) == "yes"


@pytest.mark.parametrize(
    "seen",
    [
        '<td style="font-size:0"><div style="font-size:14px">read me</div></td>',
        '<div style="visibility:hidden"><b style="visibility:visible">read me</b></div>',
        '<div style="color:#fff"><span style="color:#333">read me</span></div>',
        '<div style="background:#036"><a href="x" style="color:#fff">read me</a></div>',
        '<td bgcolor="#003366"><font color="#ffffff">read me</font></td>',
        '<div style="background:url(x.png)"><b style="color:white">read me</b></div>',
        ("<style>.dark td{background:#000}</style><table class=dark><tr><td>"
         "<b style='color:#fff'>read me</b></table>"),
        "<style>@media (max-width:600px){.x{display:none}}</style><p class=x>read me</p>",
        '<p style="font-size:14px;opacity:1;max-height:none;display:block">read me</p>',
        '<p style="font:bold 14px/1.5 Arial">read me</p>',
        "<noscript>read me</noscript>",
        "<o:p>read me</o:p>",
        "<![if !mso]>read me<![endif]>",
    ],
)  # fmt: skip
def test_what_a_reader_sees_is_read(seen: str):
    assert text_of(seen) == "read me"


def test_links_are_http_links_that_can_be_seen():
    markup = """<a href="https://a.example/x">one</a> <a href=" HTTP://b.example ">two</a>
      <a href="mailto:x@y.example">three</a> <a href="javascript:alert(1)">four</a>
      <a href="/relative">five</a><b style="display:none"><a href="https://c.example">six</a></b>"""
    assert visible(markup)[1] == ("https://a.example/x", "HTTP://b.example")


def test_a_line_names_the_mailboxes_that_its_visible_links_write_to():
    markup = """<p>Questions? <a href="MailTo:Ann@y.example?subject=Hi">Email Ann</a></p>
      <p>Bye <a href="mailto:nobody">x</a><b hidden><a href="mailto:trap@y.example">y</a></b></p>"""
    found = {line.text: line.mailboxes for line in lines(markup) if line.text}
    assert found == {"Questions? Email Ann": ("ann@y.example",), "Bye x": ()}


def test_quotations_are_marked():
    assert text_of("<p>Yes.</p><blockquote type=cite>Really?</blockquote>") == "Yes.\n\n> Really?"


def test_an_embedded_picture_does_not_push_out_the_text():
    picture = '<img src="data:image/png;base64,' + "A" * 2_000_000 + '">'
    assert text_of(f"{picture}<p>read me</p>") == "read me"


def test_ten_thousand_levels_are_read():
    assert text_of("<div><span>" * 10_000 + "read me") == "read me"


@given(st.text())
def test_any_text_is_read_without_raising(markup: str):
    visible(markup)


TAGS = st.sampled_from(
    ["<p>", "</p>", "<b", "<div style='", "'>", "<style>", "</style>", ".x{", "}", "<blockquote>",
     "</blockquote>", "<a href='http://x'>", "<table><tr><td>", "</table>", "&#xD800;", "&#0;",
     "<!--",
     "-->", "<![CDATA[", "x", "\n", "<br>", "<pre>", "color:#fff;", "font-size:0", "\0", "<svg>"]
)  # fmt: skip


@given(st.lists(TAGS, max_size=40))
def test_any_markup_is_read_without_raising(pieces: list[str]):
    read = html.lines("".join(pieces))
    assert all("\n" not in line.text and line.text == line.text.strip() for line in read)
