"""Small pages of our own: the live board, the public's progress, the charts. Each opens a line of `core.web.board.live`."""

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
from core.rules.permissions import may_see_the_panel
from core.rules.words import Language, Locale, Sentence
from core.web.assets import TEMPLATES
from core.web.board import board_words, chart_json, live
from core.web.http import responses
from core.web.http.browser_storage import owner_key

OPEN = frozenset({"/board/progress"})


class DrawnCharts:
    """The charts' JSON, written once for each reading of the panel and each language, whoever asks."""

    def __init__(self) -> None:
        self._last: deque[tuple[panel_progress.Panel, Language, bytes]] = deque(maxlen=8)

    def body(self, panel: panel_progress.Panel, first: int, locale: Locale) -> bytes:
        """The charts of this reading, UTF-8; the same reading is the same object (`core.desk.standings.panel_progress`)."""
        for known, language, body in tuple(self._last):
            if known is panel and language is locale.language:
                return body
        made = json.dumps(chart_json.charts(panel, first, locale), ensure_ascii=False, separators=(",", ":")).encode()
        self._last.append((panel, locale.language, made))
        return made


DRAWN = DrawnCharts()


async def board(request: Request) -> Response:
    """The live board; `?hall=1` for the big screen."""
    who = responses.principal_of(request)
    if not await anyio.to_thread.run_sync(lambda: who is not None and standings_board.may_see(context.store(), who)):
        return _closed(request)
    hall = request.query_params.get("hall") == "1"
    return await _page(request, "board.html", board_words.board(responses.words_of(request)), hall=hall)


async def public(request: Request) -> Response:
    """How complete, for everybody; `?hall=1` for the big screen."""
    hall = request.query_params.get("hall") == "1"
    return await _page(request, "progress.html", board_words.progress(responses.words_of(request)), hall=hall)


async def charts(request: Request) -> Response:
    """The panel's marks, to be looked at."""
    if not _organises(responses.principal_of(request)):
        return _closed(request)
    return await _page(request, "charts.html", board_words.charts(responses.locale_of(request)))


async def drawn(request: Request) -> Response:
    """The numbers behind the charts, as this reader may see them."""
    who = responses.principal_of(request)
    if who is None or not _organises(who):
        return responses.refused(request, NotAllowed())
    locale = responses.locale_of(request)
    digits = request.query_params.get("first", "0")
    first = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else 0
    body = await anyio.to_thread.run_sync(
        lambda: DRAWN.body(panel_progress.panel(live.lines().live_standings, who, first), first, locale)
    )
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


def routes() -> list[Route]:
    """What the application serves of this module."""
    return [
        Route("/board", board),
        Route("/board/progress", public),
        Route("/board/charts", charts),
        Route("/live/charts", drawn),
    ]


async def _page(request: Request, template: str, words: Mapping[str, object], *, hall: bool = False) -> Response:
    contest = await anyio.to_thread.run_sync(lambda: context.contest(context.store()))
    who = responses.principal_of(request)
    html = TEMPLATES.get_template(template).render(
        _=responses.words_of(request),
        language=responses.language_of(request).value,
        contest=contest.name,
        words=words,
        hall=hall,
        owner=owner_key(who) if who else "",  # whose pages may share a live line (core/web/static/shared-stream.js)
    )
    return HTMLResponse(html, headers={"cache-control": "no-store"})


def _organises(who: Principal | None) -> bool:
    return who is not None and may_see_the_panel(who)


def _closed(request: Request) -> Response:
    locale = responses.locale_of(request)
    said = Sentence("Bảng xếp hạng chưa mở cho tài khoản của bạn.").localize(locale)
    return HTMLResponse(
        TEMPLATES.get_template("closed.html").render(said=said, language=locale.language.value), status_code=403
    )
