"""The page that carries Streamlit, as this server sends it: in the reader's language, with our type and colours.

Streamlit's own says that it is English, fetches a face we do not use and points at a door the gate keeps shut. What a
script draws comes later, piece by piece; a style among it would leave each page undressed for a moment.
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
from core.speech import gettext
from core.web.assets import HERE
from core.web.http.responses import language_of
from core.web.streamlit_page import label_words

LANGUAGE = re.compile(r'<html lang="[^"]*">')
TITLE = re.compile(r"<title>.*?</title>")
WITHOUT_SCRIPTS = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
ICON = re.compile(r'<link rel="shortcut icon"[^>]*>')
FACE = re.compile(r'<link\s+rel="preload"[^>]*as="font"[^>]*>\s*')
AGENTS = re.compile(r'<!--(?:(?!-->).)*?-->\s*<link rel="service-desc"[^>]*>\s*', re.DOTALL)
SEAL = f'<link rel="icon" href="{HERE}/seal.svg">'  # not "shortcut icon", which each page of Streamlit's would replace
STYLES = ("fonts.css", "tokens.css", "chips.css", "look.css", "queue.css", "print.css")
CRAWLERS = "User-agent: *\nDisallow: /\n"


@dataclass(frozen=True, slots=True)
class Index:
    """Streamlit's page, at the addresses where it stands."""

    html: str  # as Streamlit would serve it
    addresses: Collection[str]

    def routes(self) -> list[Route]:
        """Every page, and what a crawler is told."""
        pages = [Route(address, self.page, methods=["GET"]) for address in sorted(self.addresses)]
        return [*pages, Route("/robots.txt", self.crawlers, methods=["GET"])]

    async def page(self, request: Request) -> Response:
        """The same page at every address; Streamlit's script asks for the rest."""
        return HTMLResponse(told(self.html, language_of(request)))

    async def crawlers(self, _request: Request) -> Response:
        """Nothing here is for a search engine."""
        return PlainTextResponse(CRAWLERS)


@cache
def told(html: str, language: Language) -> str:
    """Streamlit's page in a reader's language."""
    _ = gettext(language)
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
    return html.replace("</body>", _clothes(_) + "</body>", 1)


def _clothes(_: Callable[[str], str]) -> str:
    """The house's styles and the words they say. They stand after Streamlit's own, which fills the head as it draws."""
    links = "".join(f'<link rel="stylesheet" href="{HERE}/{style}">\n' for style in STYLES)
    said = {"--menu-word": _("Danh mục"), "--away-word": _("Mất kết nối với máy chủ, đang thử lại.")}
    words = " ".join(f"{name}: {json.dumps(word, ensure_ascii=False)};" for name, word in said.items())
    return f"{links}<style>:root {{ {words} }}</style>\n"
