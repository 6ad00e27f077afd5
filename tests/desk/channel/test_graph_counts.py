"""Counts from Facebook for the grid: who may fetch them, which addresses are read, and that nothing is stored."""

import socket
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler

import pytest
import sqlalchemy as sa

from core.desk.channel import graph_counts, reading_entry
from core.desk.channel.graph_api import TokenRefused
from core.desk.channel.graph_counts import FetchedPost, GraphOff, NoAddress, fetch
from core.desk.channel.reading_entry import TypedReading
from core.desk.interactions import InteractionsFrozen, UnknownWork, freeze
from core.rules.access import NotAllowed, Principal
from core.rules.words import Refusal
from core.store import tables as t
from core.store.engine import Store
from tests.desk.contest_with_panel import CHANNEL as POSTER
from tests.desk.finals.test_finalists import ADDRESS, AT, desk, listed, post
from tests.desk.judged_contest import ADMIN, BEFORE_CUT_OFF, CHANNEL, COMMITTEE, JUDGES, MEETING, SECRETARY, judged
from tests.serving.graph_server import PAGE, GraphServer, counted, failed, graph_server

__all__ = ["desk"]
COUNTS = {"reactions": "7", "comments": "1", "shares": "0"}
POSTED = "https://www.facebook.com/cuocthi/posts/555000111"


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    with graph_server() as served:
        yield served


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """One work has a reading that names its post."""
    row = TypedReading("T-401", COUNTS, address=POSTED)
    reading_entry.save(judged(sqlite_store), CHANNEL, [row], BEFORE_CUT_OFF, MEETING)
    return sqlite_store


def fetched(store: Store, graph: GraphServer, *codes: str, who: Principal = CHANNEL) -> tuple[FetchedPost, ...]:
    return fetch(store, who, codes, graph.api, MEETING)


def kinds(posts: Sequence[FetchedPost]) -> dict[str, object]:
    return {each.code: type(each.found) if isinstance(each.found, Refusal) else dict(each.found) for each in posts}


def ledger_length(store: Store) -> int:
    with store.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(t.ledger)).scalar_one())


def test_recorded_posts_are_read_and_nothing_is_stored(store: Store, graph: GraphServer) -> None:
    graph.answers[f"{PAGE}_555000111"] = (200, counted(1204, 31, 12))
    before = ledger_length(store)
    read = fetched(store, graph, "T-401", "T-402")
    assert kinds(read) == {"T-401": {"reactions": 1204, "comments": 31, "shares": 12}, "T-402": NoAddress}
    assert [each.address for each in read] == [POSTED, ""] and not any(each.stops for each in read)
    assert ledger_length(store) == before and len(graph.asked) == 1


def test_the_list_of_finalists_says_where_a_work_was_posted(desk: Store, graph: GraphServer) -> None:
    number = ADDRESS.rpartition("/")[2] + "00000"
    post(desk, address=ADDRESS + "00000")
    code = listed(desk)["TP-001"].code
    graph.answers[f"{PAGE}_{number}"] = (200, counted(5, 0))
    (read,) = fetch(desk, POSTER, [code], graph.api, AT)
    assert kinds([read]) == {code: {"reactions": 5, "comments": 0, "shares": 0}}
    post(desk, address="", reason="Trang gỡ bài")
    assert kinds(fetch(desk, POSTER, [code], graph.api, AT)) == {code: NoAddress}


def test_a_refusal_that_concerns_every_post_says_so(store: Store, graph: GraphServer) -> None:
    graph.answers[f"{PAGE}_555000111"] = (400, failed(190))
    (read,) = fetched(store, graph, "T-401")
    assert isinstance(read.found, TokenRefused) and read.stops


def test_no_transaction_is_open_meanwhile(store: Store, graph: GraphServer) -> None:
    open_connections: list[int] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        open_connections.append(store.engine.pool.checkedout())  # type: ignore[attr-defined]
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + counted(1, 0))

    with store.read():
        planted = store.engine.pool.checkedout()  # type: ignore[attr-defined]
    graph.answers[f"{PAGE}_555000111"] = answer
    fetched(store, graph, "T-401")
    assert open_connections == [0] and planted == 1


@pytest.mark.parametrize("who", [ADMIN, COMMITTEE, SECRETARY, *JUDGES])
def test_only_who_enters_readings_fetches(store: Store, graph: GraphServer, who: Principal) -> None:
    with pytest.raises(NotAllowed):
        fetched(store, graph, "T-401", who=who)
    assert graph.connections == 0


def test_nothing_is_asked_once_the_counts_are_frozen_or_for_an_unknown_work(store: Store, graph: GraphServer) -> None:
    with pytest.raises(UnknownWork):
        fetched(store, graph, "T-401", "T-999")
    freeze(store, COMMITTEE, MEETING)
    with pytest.raises(InteractionsFrozen):
        fetched(store, graph, "T-401")
    assert graph.connections == 0


def test_without_a_token_no_connection_is_made(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(graph_counts, "read_counts", lambda *given: asked.append(given))
    monkeypatch.setattr(socket, "create_connection", lambda *given, **_: asked.append(given))
    with pytest.raises(GraphOff):
        fetch(store, CHANNEL, ["T-401"], None, MEETING)
    assert asked == []
