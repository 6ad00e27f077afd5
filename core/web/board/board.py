"""Pages of our own: the live board, the public progress and the charts.

Each page opens an event stream of `core.web.board.live`.
"""

import json
from collections import deque
from collections.abc import Mapping

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core.desk import context
from core.desk.standings import panel_progress, standings_board
from core.rules.access import NotAllowed, Principal
from core.rules.judging.sheet_state import SHEET_STATES, SheetState
from core.rules.permissions import may_see_the_panel
from core.rules.words import Language, Locale, Sentence
from core.web.assets import TEMPLATES
from core.web.board import board_words, chart_json, live
from core.web.http import responses
from core.web.http.browser_storage import owner_key

OPEN = frozenset({"/board/progress"})


class ChartsCache:
    """Caches the charts' JSON: serialized once per `Panel` object and language, for all readers."""

    def __init__(self) -> None:
        self._last: deque[tuple[panel_progress.Panel, Language, bytes]] = deque(maxlen=8)

    def body(self, panel: panel_progress.Panel, first: int, locale: Locale) -> bytes:
        """The charts' JSON in UTF-8. The cache compares panels by identity (`core.desk.standings.panel_progress`)."""
        for known, language, body in tuple(self._last):
            if known is panel and language is locale.language:
                return body
        body = json.dumps(chart_json.charts(panel, first, locale), ensure_ascii=False, separators=(",", ":")).encode()
        self._last.append((panel, locale.language, body))
        return body


CHARTS_CACHE = ChartsCache()


async def board(request: Request) -> Response:
    """The live board; with `?hall=1` its layout for a large screen."""
    who = responses.principal_of(request)
    if not await anyio.to_thread.run_sync(lambda: who is not None and standings_board.may_see(context.store(), who)):
        return _closed(request)
    hall = request.query_params.get("hall") == "1"
    return await _page(request, "board.html", board_words.board(responses.locale_of(request)), hall=hall)


async def progress_page(request: Request) -> Response:
    """The public page of how many sheets are submitted; with `?hall=1` its layout for a large screen."""
    hall = request.query_params.get("hall") == "1"
    return await _page(request, "progress.html", board_words.progress(responses.locale_of(request)), hall=hall)


async def charts(request: Request) -> Response:
    """The page with the charts of the panel's marks."""
    if not _organises(responses.principal_of(request)):
        return _closed(request)
    return await _page(request, "charts.html", board_words.charts(responses.locale_of(request)))


async def charts_data(request: Request) -> Response:
    """The data of the charts as JSON, limited to what this principal may see."""
    who = responses.principal_of(request)
    if who is None or not _organises(who):
        return responses.refusal_response(request, NotAllowed())
    locale = responses.locale_of(request)
    digits = request.query_params.get("first", "0")
    first = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else 0
    body = await anyio.to_thread.run_sync(
        lambda: CHARTS_CACHE.body(panel_progress.panel(live.lines().live_standings, who, first), first, locale)
    )
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


def routes() -> list[Route]:
    """The routes of this module."""
    return [
        Route("/board", board),
        Route("/board/progress", progress_page),
        Route("/board/charts", charts),
        Route("/live/charts", charts_data),
    ]


async def _page(request: Request, template: str, words: Mapping[str, object], *, hall: bool = False) -> Response:
    contest = await anyio.to_thread.run_sync(lambda: context.contest(context.store()))
    who = responses.principal_of(request)
    html = TEMPLATES.get_template(template).render(
        _=responses.locale_of(request).translate,
        language=responses.language_of(request).value,
        contest=contest.name,
        words=words,
        hall=hall,
        sealed=SHEET_STATES[SheetState.SEALED].name.text,
        owner=owner_key(who) if who else "",  # who may share a stream (core/web/static/shared-stream.js)
    )
    return HTMLResponse(html, headers={"cache-control": "no-store"})


def _organises(who: Principal | None) -> bool:
    return who is not None and may_see_the_panel(who)


def _closed(request: Request) -> Response:
    return responses.closed_page(request, Sentence("Bảng xếp hạng chưa mở cho tài khoản của bạn."))
