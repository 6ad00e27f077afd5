"""Streamlit's index page, changed for this server: in the reader's language, with our fonts, styles and scripts.

Streamlit's own page declares English, preloads a font that we do not use, and links to a service description that the
gate refuses. Our styles are part of this page: what a Streamlit script renders arrives later, piece by piece, so styles
in it would leave each page without styles for a moment.
"""

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.rules.words import Language
from core.speech import locale
from core.web.assets import HERE
from core.web.http.responses import language_of
from core.web.streamlit_page import label_words

LANGUAGE = re.compile(r'<html lang="[^"]*">')
TITLE = re.compile(r"<title>.*?</title>")
WITHOUT_SCRIPTS = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
ICON = re.compile(r'<link rel="shortcut icon"[^>]*>')
FACE = re.compile(r'<link\s+rel="preload"[^>]*as="font"[^>]*>\s*')
AGENTS = re.compile(r'<!--(?:(?!-->).)*?-->\s*<link rel="service-desc"[^>]*>\s*', re.DOTALL)
SEAL = f'<link rel="icon" href="{HERE}/seal.svg">'  # not "shortcut icon", which Streamlit's pages would replace
STYLES = ("fonts.css", "tokens.css", "chips.css", "streamlit.css", "queue.css", "print.css")
CRAWLERS = "User-agent: *\nDisallow: /\n"


@dataclass(frozen=True, slots=True)
class Index:
    """Serves Streamlit's index page at the path of every page."""

    html: str  # the page as Streamlit itself would serve it
    addresses: Collection[str]

    def routes(self) -> list[Route]:
        """One route for each page, and `/robots.txt`."""
        pages = [Route(address, self.page, methods=["GET"]) for address in sorted(self.addresses)]
        return [*pages, Route("/robots.txt", self.crawlers, methods=["GET"])]

    async def page(self, request: Request) -> Response:
        """The index page, the same at every path; Streamlit's script in the browser loads the page itself."""
        return HTMLResponse(localized_page(self.html, language_of(request)))

    async def crawlers(self, _request: Request) -> Response:
        """`/robots.txt`, which excludes all search engines."""
        return PlainTextResponse(CRAWLERS)


@cache
def localized_page(html: str, language: Language) -> str:
    """Streamlit's index page, changed for this server and in this language."""
    _ = locale(language).translate
    needs = escape(_("Trang này cần JavaScript: hãy bật JavaScript trong trình duyệt rồi tải lại trang."))
    html = LANGUAGE.sub(f'<html lang="{language}">', html, count=1)
    html = TITLE.sub(f"<title>{escape(_('Bàn Giám khảo'))}</title>", html, count=1)
    html = WITHOUT_SCRIPTS.sub(f"<noscript><p>{needs}</p></noscript>", html, count=1)
    html = ICON.sub(SEAL, html, count=1)
    blocked = escape(
        _(
            "Mạng ở đây (thường là proxy của cơ quan) chặn kết nối WebSocket nên trang này chưa chạy được: "
            "hãy dùng mạng khác, hoặc nhờ người quản trị mạng cho phép WebSocket đến {host}."
        )
    )
    names = escape(json.dumps(label_words.words(_), ensure_ascii=False))
    scripts = (
        f'<script src="{HERE}/labels.js" data-words="{names}"></script>\n'
        f'<script type="module" src="{HERE}/sockets.js" data-blocked="{blocked}"></script>\n'
        f'<script type="module" src="{HERE}/print.js"></script>\n</head>'
    )
    html = AGENTS.sub("", FACE.sub("", html)).replace("</head>", scripts, 1)
    return html.replace("</body>", _styles(_) + "</body>", 1)


def _styles(_: Callable[[str], str]) -> str:
    """Our stylesheets and their localized texts, as HTML. At the end of the body, after Streamlit's own in the head."""
    links = "".join(f'<link rel="stylesheet" href="{HERE}/{style}">\n' for style in STYLES)
    texts = {"--menu-word": _("Danh mục"), "--away-word": _("Mất kết nối với máy chủ, đang thử lại.")}
    words = " ".join(f"{name}: {json.dumps(word, ensure_ascii=False)};" for name, word in texts.items())
    return f"{links}<style>:root {{ {words} }}</style>\n"
