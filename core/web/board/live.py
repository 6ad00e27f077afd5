"""Server-sent events: who may listen, and what each line is sent. One process, one watcher, many subscribers.

A line is a place in a channel's shared log (`core.live.channel`), so what is said of a revision is written once however
many listen. Nothing polls but one glance for other processes' commits, and no script runs for anybody.
"""

import asyncio
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from types import FrameType
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from core.desk import context
from core.desk.standings import standings_board
from core.desk.standings.live_standings import LiveStandings, live_standings_of
from core.live.channel import Channel, Subscriber
from core.live.snapshot import Snapshot, whole
from core.live.watcher import Watcher
from core.rules.access import NotAllowed, Principal
from core.rules.permissions import may_mark
from core.rules.words import Language
from core.speech import locale
from core.web.board import board_json
from core.web.http import responses

OPEN = frozenset({"/live/progress"})  # what strangers may hear
PAGE = 100  # works in the live window; what lies beyond is asked for
Handler = Callable[[int, FrameType | None], object]
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"content-encoding", b"identity"),  # a compressing middleware would hold events back
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
]


class What(StrEnum):
    """The pictures there are."""

    STANDINGS = "standings"
    CHANGES = "changes"  # only that something changed: the charts ask for the rest
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class View:
    """What a line shows: one of the pictures, in a language."""

    what: What
    language: Language
    marking: Principal | None = None  # a reader who still marks: what they see is theirs alone


class Lines:
    """The live standings of this process, as the watcher reads them."""

    def __init__(self, live_standings: LiveStandings) -> None:
        self.live_standings = live_standings
        self.watcher = Watcher(self)
        self._drawn: dict[View, Snapshot] = {}
        live_standings.store.after_commit.append(self.watcher.committed)

    def catch_up(self) -> None:
        self.live_standings.catch_up()

    def snapshot(self, view: object) -> Snapshot:
        assert isinstance(view, View)
        snapshot = self._drawn.get(view)
        if snapshot is None or snapshot.revision != self.live_standings.revision:  # a draft is news to nobody else
            snapshot = self._drawn[view] = self._draw(view)
        return snapshot

    def _draw(self, view: View) -> Snapshot:
        if view.what is What.CHANGES:
            return Snapshot(self.live_standings.revision, {"revision": self.live_standings.revision})
        if view.what is What.PROGRESS:
            return board_json.progress(standings_board.progress(self.live_standings), locale(view.language))
        return board_json.board(
            standings_board.board(self.live_standings, 0, PAGE, view.marking), locale(view.language)
        )


@cache
def lines() -> Lines:
    """The lines of this process, opened at the first subscriber."""
    return Lines(live_standings_of(context.store()))


@cache
def _close_when_stopped(watcher: Watcher, loop: asyncio.AbstractEventLoop) -> None:
    """A server that is told to stop waits for open answers: the lines must close first."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(number, _closing(watcher, loop, before))


def _closing(watcher: Watcher, loop: asyncio.AbstractEventLoop, before: Handler) -> Handler:
    def stopped(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(watcher.end_all)
        before(number, frame)

    return stopped


class EventStream(Response):
    """One open line, from the whole picture to the last change."""

    def __init__(self, watcher: Watcher, view: View, subscriber: Subscriber) -> None:
        self.watcher, self.view, self.subscriber = watcher, view, subscriber
        self.background = None
        self.status_code = 200

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        gone: asyncio.Task[None] | None = None
        try:
            _close_when_stopped(self.watcher, asyncio.get_running_loop())
            channel = await self.watcher.join(self.view, self.subscriber)
            gone = asyncio.create_task(self._hang_up(channel, receive))
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})

            async def write(message: bytes) -> None:
                await send({"type": "http.response.body", "body": message, "more_body": True})

            await channel.follow(self.subscriber, write)
            with suppress(OSError):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self.watcher.leave(self.view, self.subscriber)
            if gone is not None:
                gone.cancel()

    async def _hang_up(self, channel: Channel, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        channel.end(self.subscriber)


async def live_standings(request: Request) -> Response:
    """The committee's line: the first hundred places, and every change of them."""
    return await _line(request, What.STANDINGS)


async def live_changes(request: Request) -> Response:
    """The charts' line: that something changed, and never what."""
    return await _line(request, What.CHANGES)


async def live_progress(request: Request) -> Response:
    """The public's line: how many sheets are in. Never a rank, a mark, a code or a name."""
    return EventStream(lines().watcher, View(What.PROGRESS, responses.language_of(request)), Subscriber())


async def page(request: Request) -> Response:
    """A hundred places beyond the live window."""
    who = responses.principal_of(request)
    if not await anyio.to_thread.run_sync(_may_see, who):
        return responses.refused(request, NotAllowed())
    digits = request.query_params.get("first", "0")
    first = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else 0

    def read() -> dict[str, Any]:
        lines().live_standings.catch_up()
        found = standings_board.board(lines().live_standings, first, PAGE, who)
        return whole(board_json.board(found, locale(responses.language_of(request))))

    return JSONResponse(await anyio.to_thread.run_sync(read), headers={"cache-control": "no-store"})


def routes() -> list[Route]:
    """What the application serves of this module."""
    return [
        Route("/live/standings", live_standings),
        Route("/live/standings/page", page),
        Route("/live/changes", live_changes),
        Route("/live/progress", live_progress),
    ]


async def _line(request: Request, what: What) -> Response:
    who = responses.principal_of(request)
    if who is None or not await anyio.to_thread.run_sync(_may_see, who):
        return responses.refused(request, NotAllowed())
    view = View(what, responses.language_of(request), _marking(who) if what is What.STANDINGS else None)
    return EventStream(lines().watcher, view, Subscriber())


def _marking(who: Principal) -> Principal | None:
    """The reader where they may mark, whichever of their sessions asks: one picture for all of them."""
    return replace(who, session="") if may_mark(who) else None


def _may_see(who: Principal | None) -> bool:
    return who is not None and standings_board.may_see(context.store(), who)
