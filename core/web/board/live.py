"""Server-sent events: who may subscribe, and which snapshots each stream gets. One process, one watcher.

A subscriber is a position in a channel's shared log (`core.live.channel`), so each change is serialized once for all
subscribers. Only the watcher polls, for commits of other processes. No Streamlit script runs for a subscriber.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.desk import context
from core.desk.standings import standings_board
from core.desk.standings.live_standings import LiveStandings, live_standings_of
from core.live.channel import Subscriber
from core.live.snapshot import Snapshot, whole
from core.live.watcher import Watcher
from core.rules.access import NotAllowed, Principal
from core.rules.permissions import may_mark
from core.rules.words import Language
from core.speech import locale
from core.web.board import board_json
from core.web.http import responses
from core.web.http.event_stream import EventStream

OPEN = frozenset({"/live/progress"})  # routes that need no session
PAGE = 100  # works in the live window; the page requests the others (`/live/standings/page`)


class What(StrEnum):
    """The kinds of snapshots."""

    STANDINGS = "standings"
    CHANGES = "changes"  # only the revision: the charts then request their data
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class View:
    """What a stream shows: one kind of snapshot in one language. Streams with equal views share a channel."""

    what: What
    language: Language
    marking: Principal | None = None  # a reader who may mark: works they still have to mark are hidden from them


class Lines:
    """The source that the watcher reads: the live standings of this process and their snapshots, by view."""

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
        if snapshot is None or snapshot.revision != self.live_standings.revision:  # a draft changes no revision
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
    """The one `Lines` object of this process, created for the first subscriber."""
    return Lines(live_standings_of(context.store()))


async def live_standings(request: Request) -> Response:
    """The committee's stream: the first hundred places, and their changes."""
    return await _line(request, What.STANDINGS)


async def live_changes(request: Request) -> Response:
    """The charts' stream: only the new revision when something changed."""
    return await _line(request, What.CHANGES)


async def live_progress(request: Request) -> Response:
    """The public stream: how many sheets are submitted. Never a rank, a mark, a code or a name."""
    return EventStream(lines().watcher, View(What.PROGRESS, responses.language_of(request)), Subscriber())


async def page(request: Request) -> Response:
    """A hundred places of the standings as JSON, from index `?first=`, for places beyond the live window."""
    who = responses.principal_of(request)
    if not await anyio.to_thread.run_sync(_may_see, who):
        return responses.refusal_response(request, NotAllowed())
    digits = request.query_params.get("first", "0")
    first = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else 0

    def read() -> dict[str, Any]:
        lines().live_standings.catch_up()
        found = standings_board.board(lines().live_standings, first, PAGE, who)
        return whole(board_json.board(found, locale(responses.language_of(request))))

    return JSONResponse(await anyio.to_thread.run_sync(read), headers={"cache-control": "no-store"})


def routes() -> list[Route]:
    """The routes of this module."""
    return [
        Route("/live/standings", live_standings),
        Route("/live/standings/page", page),
        Route("/live/changes", live_changes),
        Route("/live/progress", live_progress),
    ]


async def _line(request: Request, what: What) -> Response:
    who = responses.principal_of(request)
    if who is None or not await anyio.to_thread.run_sync(_may_see, who):
        return responses.refusal_response(request, NotAllowed())
    view = View(what, responses.language_of(request), _marking(who) if what is What.STANDINGS else None)
    return EventStream(lines().watcher, view, Subscriber())


def _marking(who: Principal) -> Principal | None:
    """The principal without its session if they may mark, so that all their sessions share a view; else None."""
    return replace(who, session="") if may_mark(who) else None


def _may_see(who: Principal | None) -> bool:
    return who is not None and standings_board.may_see(context.store(), who)
