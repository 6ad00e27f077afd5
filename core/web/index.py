"""The page that carries Streamlit, as this house serves it: in the reader's language and under the house's name.

Streamlit's own says that it is English, fetches a face we do not use and points at a door the gate keeps shut.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.rules.words import Language
from core.speech import gettext
from core.web import label_words
from core.web.answers import language_of
from core.web.assets import HERE

LANGUAGE = re.compile(r'<html lang="[^"]*">')
TITLE = re.compile(r"<title>.*?</title>")
WITHOUT_SCRIPTS = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
FACE = re.compile(r'<link\s+rel="preload"[^>]*as="font"[^>]*>\s*')
AGENTS = re.compile(r'<!--(?:(?!-->).)*?-->\s*<link rel="service-desc"[^>]*>\s*', re.DOTALL)
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
    names = escape(json.dumps(label_words.words(_), ensure_ascii=False))
    labels = f'<script src="{HERE}/labels.js" data-words="{names}"></script>\n</head>'
    return AGENTS.sub("", FACE.sub("", html)).replace("</head>", labels, 1)
