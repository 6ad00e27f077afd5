"""The grid's button for counts from Facebook: absent without a token, and what its route answers with one."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from core.desk import context
from core.desk.channel import reading_entry
from core.desk.channel.reading_entry import TypedReading
from core.settings import settings
from core.store.engine import Store
from core.web.board import readings
from core.web.board.reading_words import MOST_FETCHED
from tests.desk.judged_contest import BEFORE_CUT_OFF, CHANNEL, MEETING, SECRETARY, judged
from tests.serving.graph_server import PAGE, TOKEN, GraphServer, counted, failed, graph_server

FETCH, BUTTON = "/api/readings/fetch", 'id="fetch"'
POSTED = "https://www.facebook.com/cuocthi/posts/555000111"


class Signed:
    """Replaces the gate: sets the principal of each request."""

    who = replace(CHANNEL, session="")

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "state": {"principal": self.who}}, receive, send)


def signed() -> Signed:
    """The routes of the page, for the channel keeper."""
    return Signed(Starlette(routes=readings.routes()))


@pytest.fixture
def app(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> Signed:
    row = TypedReading("T-401", {"reactions": "7", "comments": "1", "shares": "0"}, address=POSTED)
    reading_entry.save(judged(sqlite_store), CHANNEL, [row], BEFORE_CUT_OFF, MEETING)
    monkeypatch.setattr(context, "store", lambda: sqlite_store)
    monkeypatch.setattr(context, "now", lambda: MEETING)
    return signed()


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphServer]:
    """A server of the Graph API, and settings that name it."""
    with graph_server() as served:
        used = replace(settings(), graph=served.api)
        monkeypatch.setattr(readings, "settings", lambda: used)
        yield served


async def asked(app: Signed, *codes: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
        return await client.post(FETCH, json={"codes": list(codes)})


async def page(app: Signed) -> str:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
        return (await client.get("/board/readings")).text


def test_without_a_token_nothing_is_shown_and_nothing_is_connected(
    app: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *given, **_: connected.append(given))
    assert settings().graph is None and BUTTON not in asyncio.run(page(app))
    answer = asyncio.run(asked(app, "T-401"))
    assert answer.status_code == 409 and "GRAPH_API_TOKEN" in answer.json()["refused"]
    assert connected == []


def test_the_page_itself_connects_to_nothing_either(app: Signed, graph: GraphServer) -> None:
    shown = asyncio.run(page(app))
    assert BUTTON in shown and TOKEN not in shown and graph.connections == 0
    app.who = replace(SECRETARY, session="")
    assert BUTTON not in asyncio.run(page(app))


def test_views_that_nobody_typed_are_no_number(app: Signed) -> None:
    """The reading of the fixture has no views, which the contest does not weigh."""
    app.who = replace(SECRETARY, session="")
    shown = asyncio.run(page(app))
    assert "<dt>chia sẻ</dt><dd>0</dd>" in shown and "<dt>lượt xem</dt><dd>–</dd>" in shown


def test_counts_come_as_they_are_typed_and_refusals_by_work(app: Signed, graph: GraphServer) -> None:
    graph.answers[f"{PAGE}_555000111"] = (200, counted(12040, 31))
    answer = asyncio.run(asked(app, "T-401", "T-402")).json()
    counts = {"reactions": "12040", "comments": "31", "shares": "0"}
    assert answer["posts"] == [
        {"code": "T-401", "address": POSTED, "counts": counts},
        {"code": "T-402", "refused": "Chưa ghi địa chỉ bài đăng.", "stops": False},
    ]
    assert answer["taken_at"] == "2024-09-15T09:00:00"  # in Vietnam


def test_what_facebook_says_is_not_repeated(app: Signed, graph: GraphServer) -> None:
    graph.answers[f"{PAGE}_555000111"] = (400, failed(190))
    answer = asyncio.run(asked(app, "T-401"))
    assert answer.json()["posts"][0]["stops"] and TOKEN not in answer.text and "Unsupported" not in answer.text


def test_more_posts_than_the_page_asks_for_are_refused(app: Signed, graph: GraphServer) -> None:
    assert asyncio.run(asked(app, *(f"T-{400 + n}" for n in range(MOST_FETCHED + 1)))).status_code == 409
    assert graph.connections == 0


def test_other_requests_are_answered_meanwhile(app: Signed, graph: GraphServer) -> None:
    begun, shown = threading.Event(), threading.Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        begun.set()
        shown.wait(8)  # if the page waits for this answer, it is shown after it
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + counted(1, 0))

    graph.answers[f"{PAGE}_555000111"] = slow

    async def both() -> list[str]:
        ended: list[str] = []

        async def one(name: str, act: "asyncio.Future[object]") -> None:
            await act
            ended.append(name)

        fetching = asyncio.ensure_future(one("fetch", asyncio.ensure_future(asked(app, "T-401"))))
        assert await asyncio.to_thread(begun.wait, 10)
        await one("page", asyncio.ensure_future(page(app)))
        shown.set()
        await fetching
        return ended

    assert asyncio.run(both()) == ["page", "fetch"]
