"""The page of readings, framed by `pages/channel/readings.py`: the grid of all works, one work, and the minutes."""

import asyncio
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from core.desk import context
from core.desk.channel import freeze_minutes, graph_counts, reading_entry, reading_reviews, reading_views, screenshots
from core.desk.channel.freeze_minutes import NoSuchFreeze
from core.desk.channel.graph_counts import FetchedPost
from core.desk.channel.reading_entry import RowResult, TypedReading
from core.desk.channel.reading_refusals import NoScreenshot, NotAScreenshot
from core.desk.interactions import UnknownWork
from core.rules.access import NotAllowed, Principal
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.permissions import may_enter_interactions, may_see_interactions, must
from core.rules.readings.reading_questions import question_name
from core.rules.words import VIETNAM, Locale, Moment, Number, Refusal, Sentence
from core.settings import settings
from core.web.board.reading_words import MOST_FETCHED, words
from core.web.board.twins import STILL_HEADERS
from core.web.http import request_json
from core.web.http.browser_storage import owner_key
from core.web.http.request_body import LARGE_BODY_BYTES
from core.web.http.responses import (
    closed_page,
    html_page,
    in_thread,
    json_response,
    locale_of,
    member_of,
    principal_of,
    refusal_response,
    refusing,
)

RECEIVE = "/readings/screenshots"
STREAMED = frozenset({RECEIVE})  # the gate does not read this body
SAVE, CHECK = "/api/readings", "/api/readings/check"
LARGE = frozenset({SAVE, CHECK})  # the whole grid in one request
MOST_ROWS = 2000
MOST_BYTES = 5 << 20  # of a picture
PICTURE_S = 60.0  # for the whole picture
_rewriting, _fetching = anyio.CapacityLimiter(1), anyio.CapacityLimiter(2)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_FIELDS = ("code", "counts", "explanation", "address", "screenshot", "seen", "asked", "corrects", "reason")


async def page(request: Request) -> Response:
    """The grid; with `?work=` one work's readings, with `?freeze=` the minutes of a freeze."""
    who, asked = principal_of(request), request.query_params
    if who is None or not may_see_interactions(who):
        return closed_page(request, NotAllowed().sentence)
    store, now = context.store(), context.now()
    try:
        if "freeze" in asked:
            number = request_json.digits(asked["freeze"])
            minutes = await in_thread(lambda: freeze_minutes.minutes(store, who, number, now))
            return _page(request, who, "reading_minutes.html", kind="minutes", minutes=minutes)
        if "work" in asked:
            code = asked["work"]
            work = await in_thread(lambda: reading_views.work_readings(store, who, code, now))
            return _page(request, who, "reading_work.html", kind="one", work=work, chart=_chart(work))
    except (UnknownWork, NoSuchFreeze, request_json.BadRequest) as refused:
        return closed_page(request, refused.sentence)
    grid = await in_thread(lambda: reading_views.grid(store, who, now))
    return _page(
        request,
        who,
        "readings.html",
        kind="all",
        grid=grid,
        now=context.millis(now),
        fetches=settings().graph is not None,
    )


@refusing
async def check(request: Request) -> Response:
    """What would be said about these rows; nothing is stored."""
    who, (rows, taken_at) = member_of(request), await _sent(request)
    library = settings().library
    results = await in_thread(lambda: reading_entry.examine(context.store(), who, rows, taken_at, library))
    return json_response({"rows": [_result(result, locale_of(request)) for result in results]})


@refusing
async def save(request: Request) -> Response:
    """Store the rows that fit, in one transaction; each row's result."""
    who, (rows, taken_at) = member_of(request), await _sent(request)
    library = settings().library
    results = await in_thread(lambda: reading_entry.save(context.store(), who, rows, taken_at, context.now(), library))
    return json_response({"rows": [_result(result, locale_of(request)) for result in results]})


@refusing
async def fetch(request: Request) -> Response:
    """The counts of some works' posts from Facebook, as texts for the grid, and when they were read; nothing is stored."""
    sent, who = await request_json.document(request, "codes"), member_of(request)
    if not isinstance(sent["codes"], list) or len(sent["codes"]) > MOST_FETCHED:
        raise request_json.BadRequest
    codes = [request_json.text(code) for code in sent["codes"]]
    api = settings().graph
    read = await in_thread(lambda: graph_counts.fetch(context.store(), who, codes, api, context.now()), _fetching)
    posts = [_fetched(each, locale_of(request)) for each in read]
    return json_response({"posts": posts, "taken_at": f"{context.now().astimezone(VIETNAM):%Y-%m-%dT%H:%M:%S}"})


@refusing
async def confirm(request: Request) -> Response:
    """Confirm readings that somebody else entered, all or none."""
    sent, who = await request_json.document(request, "numbers"), member_of(request)
    if not isinstance(sent["numbers"], list):
        raise request_json.BadRequest
    numbers = [request_json.whole(each) for each in sent["numbers"]]
    count = await in_thread(lambda: reading_reviews.confirm(context.store(), who, numbers, context.now()))
    said = Sentence("Đã xác nhận {count} số liệu.", {"count": Number(count)})
    return json_response({"done": said.localize(locale_of(request))})


@refusing
async def reject(request: Request) -> Response:
    """Reject a reading that somebody else entered, with a reason."""
    sent, who = await request_json.document(request, "reason"), member_of(request)
    number, reason = request_json.digits(request.path_params["reading"]), request_json.text(sent["reason"])
    await in_thread(lambda: reading_reviews.reject(context.store(), who, number, reason, context.now()))
    return json_response({"done": Sentence("Đã ghi: không nhận số liệu này.").localize(locale_of(request))})


@refusing
async def receive(request: Request) -> Response:
    """Receive a screenshot: the body is a PNG, JPEG or WebP picture. Returns its SHA-256, which a row then names."""
    who, data = member_of(request), bytearray()
    must(may_enter_interactions(who))
    try:
        async with asyncio.timeout(PICTURE_S):
            async for chunk in request.stream():
                data += chunk
                if len(data) > MOST_BYTES:
                    raise NotAScreenshot
    except (TimeoutError, ClientDisconnect):
        raise NotAScreenshot from None
    store, used = context.store(), settings()
    name = await in_thread(
        lambda: screenshots.receive(store, who, bytes(data), used.library, used.upload_reserve_bytes, context.now()),
        _rewriting,
    )
    return json_response({"screenshot": name})


async def screenshot(request: Request) -> Response:
    """The screenshot of a reading, as JPEG; 404 where there is none."""
    who = principal_of(request)
    try:
        number = request_json.digits(request.path_params["reading"])
        path = await in_thread(lambda: screenshots.screenshot(context.store(), who, number, settings().library))
    except (NoScreenshot, request_json.BadRequest):
        return refusal_response(request, NoScreenshot(), 404)
    except Refusal as refused:
        return refusal_response(request, refused)
    return FileResponse(path, media_type="image/jpeg", headers=STILL_HEADERS)


def routes() -> list[Route]:
    """The routes of this module."""
    return [
        Route("/board/readings", page),
        Route("/readings/{reading}/screenshot", screenshot, methods=["GET"]),
        Route(CHECK, check, methods=["POST"]),
        Route("/api/readings/confirm", confirm, methods=["POST"]),
        Route("/api/readings/{reading}/reject", reject, methods=["POST"]),
        Route("/api/readings/fetch", fetch, methods=["POST"]),
        Route(SAVE, save, methods=["POST"]),
        Route(RECEIVE, receive, methods=["PATCH"]),
    ]


async def _sent(request: Request) -> tuple[list[TypedReading], datetime]:
    """The rows of a request and when they were read. Raises BadRequest."""
    sent = await request_json.document(request, "taken_at", "rows", most=LARGE_BODY_BYTES)
    typed = request_json.text(sent["taken_at"])
    if not isinstance(sent["rows"], list) or len(sent["rows"]) > MOST_ROWS or not _TIME.fullmatch(typed):
        raise request_json.BadRequest
    try:
        taken_at = datetime.fromisoformat(typed).replace(tzinfo=VIETNAM)
        context.millis(taken_at)
    except (ValueError, OverflowError):
        raise request_json.BadRequest from None
    return [_typed(row) for row in sent["rows"]], taken_at


def _typed(row: object) -> TypedReading:
    if not isinstance(row, dict) or set(row) != set(_FIELDS) or not isinstance(row["asked"], list):
        raise request_json.BadRequest
    counts = request_json.texts(row["counts"])
    if not set(counts) <= set(INTERACTION_KINDS):
        raise request_json.BadRequest
    code, explanation, address, screenshot, reason = (
        request_json.text(row[name]) for name in ("code", "explanation", "address", "screenshot", "reason")
    )
    corrects = None if row["corrects"] is None else request_json.whole(row["corrects"])
    asked = frozenset(request_json.text(key) for key in row["asked"])
    seen = request_json.whole(row["seen"])
    return TypedReading(code, counts, explanation, address, screenshot, seen, asked, corrects, reason)


def _result(result: RowResult, locale: Locale) -> dict[str, Any]:
    return {
        "code": result.code,
        "faults": {cell: fault.sentence.localize(locale) for cell, fault in result.faults.items()},
        "questions": [{"key": each.key, "text": each.sentence.localize(locale)} for each in result.questions],
        "fits": result.fits,
        "number": result.number,
    }


def _fetched(post: FetchedPost, locale: Locale) -> dict[str, Any]:
    if isinstance(post.found, Refusal):
        return {"code": post.code, "refused": post.found.sentence.localize(locale), "stops": post.stops}
    counts = {kind: str(count) for kind, count in post.found.items()}
    return {"code": post.code, "address": post.address, "counts": counts}


def _chart(work: reading_views.WorkReadings) -> dict[str, Any]:
    """The points of a work's chart, by time; times as Vietnam's clocks show them."""
    history = sorted(work.work.history, key=lambda each: each.reading.taken_at)
    closes = work.counts.closes
    return {
        "points": [
            {"at": _clock(each.reading.taken_at), "counts": each.reading.counts, "stands": each.stands}
            for each in history
        ],
        "closes": _clock(closes) if closes else None,
    }


def _clock(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S}"


def _page(request: Request, who: Principal, name: str, **facts: object) -> Response:
    spoken, weighed = locale_of(request), context.contest(context.store()).interactions
    return html_page(
        request, name, say=lambda sentence: sentence.localize(spoken), count=spoken.count, kinds=INTERACTION_KINDS,
        of_kind=lambda counts, kind: spoken.count(counts[kind]) if counts[kind] or weighed.needs(kind) else "–",
        when=lambda at: Moment(at if isinstance(at, datetime) else _moment(at), seconds=False).localize(spoken),
        exactly=lambda at: Moment(at if isinstance(at, datetime) else _moment(at)).localize(spoken),
        question=lambda key: question_name(key).localize(spoken), dumps=json.dumps,
        words=words(spoken), owner=owner_key(who), saved=_saved(request.query_params, spoken), **facts,
    )  # fmt: skip


def _saved(asked: Mapping[str, str], locale: Locale) -> str:
    """What the page says after it was reloaded: how many rows were saved."""
    number = asked.get("saved", "")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        return ""
    said = "Đã lưu {saved} dòng; số liệu được tính khi một người khác xác nhận."
    return Sentence(said, {"saved": number}).localize(locale)


def _moment(milliseconds: int) -> datetime:
    found = context.moment(milliseconds)
    assert found is not None
    return found
