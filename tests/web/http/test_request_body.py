"""A change dies with its session: its body is read whole first, and who sends it is asked again after (docs/security.md, Sessions)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.rules.access import Principal, Role
from core.web.gate.gate import Gate
from core.web.gate.session_connections import SessionConnections
from core.web.http import request_body
from core.web.http.rate_limit import RateLimit
from core.web.http.request_body import BODY_BYTES
from tests.web.gate_application import ADMISSION, JUDGE, ORIGIN, People

HEADERS = [(b"host", b"localhost:8501"), (b"origin", ORIGIN.encode()), (b"cookie", b"desk=judge-secret")]


@dataclass
class Change:
    """One change at the gate, its body sent as the test says, and what the desk and the client hear of it."""

    people: People = field(default_factory=People)
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    arriving: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)
    taken: list[bytes] = field(default_factory=list)  # bodies the desk was given
    by: list[Principal] = field(default_factory=list)  # in whose name
    status: int = 0
    sent: list[tuple[bytes, bytes]] = field(default_factory=list)
    working: asyncio.Event = field(default_factory=asyncio.Event)  # the desk has the whole body
    done: asyncio.Event = field(default_factory=asyncio.Event)  # the desk may answer

    def __post_init__(self) -> None:
        self.done.set()
        self.session_connections = SessionConnections(self.people.living)
        self.gate = Gate(self.desk, ADMISSION, self.session_connections, self.people.recall)

    async def desk(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        assert not message["more_body"]
        self.taken.append(message["body"])
        self.by.append(scope["state"]["principal"])
        self.working.set()
        await self.done.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"kept"})

    def piece(self, body: bytes, *, last: bool = False) -> None:
        self.arriving.put_nowait({"type": "http.request", "body": body, "more_body": not last})

    def begin(self) -> "asyncio.Task[None]":
        scope = {
            "type": "http", "method": "PUT", "path": "/sheet/T-1", "raw_path": b"/sheet/T-1", "query_string": b"",
            "headers": HEADERS + self.headers, "client": ("10.0.0.7", 1), "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1", "scheme": "http", "server": ("localhost", 8501), "root_path": "",
        }  # fmt: skip

        async def send(message: Any) -> None:
            self.status = self.status or message.get("status", 0)
            self.sent += message.get("headers", [])

        return asyncio.create_task(self.gate(scope, self.arriving.get, send))

    def end_session(self) -> None:
        self.people.sessions.clear()
        self.session_connections.recheck()


def run(test: Callable[[Change], Awaitable[None]], **options: Any) -> Change:
    async def within() -> Change:
        change = Change(**options)
        async with change.session_connections.watching():
            await asyncio.wait_for(test(change), 60)
        return change

    return asyncio.run(within())


async def settled(change: Change) -> None:
    """Wait until the gate has looked the session up, and has begun to wait for the rest of the body."""
    for _ in range(5_000):
        if change.people.lookups:
            break
        await asyncio.sleep(0.001)
    for _ in range(20):
        await asyncio.sleep(0.001)


def test_a_body_whose_last_byte_is_held_back_until_the_session_has_ended_is_refused() -> None:
    async def test(change: Change) -> None:
        change.piece(b'{"version": 0')
        pending = change.begin()
        await settled(change)
        change.end_session()
        await pending  # at once: it does not wait for the last byte

    change = run(test)
    assert (change.status, change.taken) == (401, [])
    assert (b"connection", b"close") not in change.sent


def test_a_body_that_ends_together_with_the_session_is_checked_again() -> None:
    """Another process ended the session a moment ago: this one has not been told yet."""

    async def test(change: Change) -> None:
        change.piece(b"{")
        pending = change.begin()
        await settled(change)
        change.people.sessions.clear()
        change.piece(b"}", last=True)
        await pending

    change = run(test)
    assert (change.status, change.taken) == (401, [])


def test_the_user_is_identified_at_the_end_of_the_body_not_at_its_beginning() -> None:
    now = Principal(JUDGE.username, JUDGE.name, frozenset({Role.JUDGE, Role.CHIEF}), JUDGE.session)

    async def test(change: Change) -> None:
        pending = change.begin()
        await settled(change)
        change.people.sessions["judge-secret"] = now
        change.piece(b"{}", last=True)
        await pending

    change = run(test)
    assert (change.status, change.by) == (200, [now])


def test_a_user_who_must_change_the_password_meanwhile_changes_nothing_else() -> None:
    async def test(change: Change) -> None:
        pending = change.begin()
        await settled(change)
        change.people.sessions["judge-secret"] = Principal(
            "gk1", "A", frozenset({Role.JUDGE}), JUDGE.session, must_change_password=True
        )
        change.piece(b"{}", last=True)
        await pending

    change = run(test)
    assert (change.status, change.taken) == (403, [])


def test_a_cookie_that_became_another_persons_changes_nothing() -> None:
    async def test(change: Change) -> None:
        pending = change.begin()
        await settled(change)
        change.people.sessions["judge-secret"] = Principal("gk9", "B", frozenset({Role.JUDGE}), "9" * 64)
        change.piece(b"{}", last=True)
        await pending

    change = run(test)
    assert (change.status, change.taken) == (401, [])


def test_a_complete_request_may_finish_even_if_the_session_ends_meanwhile() -> None:
    async def test(change: Change) -> None:
        change.done.clear()
        change.piece(b"{", last=False)
        change.piece(b"}", last=True)
        pending = change.begin()
        await change.working.wait()
        change.end_session()
        await settled(change)
        change.done.set()
        await pending

    change = run(test)
    assert (change.status, change.taken) == (200, [b"{}"])


def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_body, "BODY_S", 0.05)

    async def test(change: Change) -> None:
        change.piece(b"{")
        await change.begin()

    change = run(test)
    assert (change.status, change.taken) == (408, [])
    assert (b"connection", b"close") in change.sent


@pytest.mark.parametrize("length", [str(BODY_BYTES + 1), "9" * 5000])
def test_a_body_declared_too_large_is_refused_before_any_of_it_is_read(length: str) -> None:
    async def test(change: Change) -> None:
        await change.begin()

    change = run(test, headers=[(b"content-length", length.encode())])
    assert (change.status, change.taken) == (413, [])


def test_a_body_that_turns_out_too_large_is_refused_and_not_kept() -> None:
    async def test(change: Change) -> None:
        for _ in range(BODY_BYTES // 1024 + 1):
            change.piece(b"x" * 1024)
        await change.begin()

    change = run(test)
    assert (change.status, change.taken) == (413, [])


def test_a_client_that_leaves_changes_nothing() -> None:
    async def test(change: Change) -> None:
        change.piece(b"{")
        change.arriving.put_nowait({"type": "http.disconnect"})
        await change.begin()

    assert run(test).taken == []


class TestTooManyChanges:
    """No judge types 64 changes a second; each would be a row of the ledger for ever."""

    def test_of_one_person_are_refused_until_there_is_room(self) -> None:
        now = [0.0]

        async def test(change: Change) -> None:
            change.gate.changes = RateLimit(per_second=5, burst=3, clock=lambda: now[0])
            statuses = []
            for moment in (0.0, 0.0, 0.0, 0.0, 0.1, 0.21, 0.21):
                now[0], change.status = moment, 0
                change.piece(b"{}", last=True)
                await change.begin()
                statuses.append(change.status)
                while not change.arriving.empty():
                    change.arriving.get_nowait()
            assert statuses == [200, 200, 200, 429, 429, 200, 429]

        change = run(test)
        assert (b"retry-after", b"2") in change.sent

    def test_a_fast_typist_and_the_bench_are_none(self) -> None:
        """A sheet saves 0.45 s after the last key; the bench saves 500 times in a second and a half, or 170 in ten."""
        now = [0.0]
        for saves, seconds in ((2.2 * 3600, 3600.0), (500, 1.3), (170, 10.0)):
            pace = Gate(Change().desk, ADMISSION, SessionConnections(People().living), People().recall).changes
            pace = RateLimit(pace.per_second, pace.burst, clock=lambda: now[0])
            for number in range(int(saves)):
                now[0] = number * seconds / saves
                assert pace.take("gk1") == 0


def test_a_table_may_be_larger_than_other_bodies_and_has_its_own_limit() -> None:
    async def read(size: int, *, large: bool) -> int:
        message = {"type": "http.request", "body": b"x" * size, "more_body": False}

        async def receive() -> dict[str, Any]:
            return message

        return len(await request_body.read_body(asyncio.Event(), receive, b"", large=large))

    assert asyncio.run(read(BODY_BYTES + 1, large=True)) == BODY_BYTES + 1
    for size, large in ((BODY_BYTES + 1, False), (request_body.LARGE_BODY_BYTES + 1, True)):
        with pytest.raises(request_body.BodyRefused):
            asyncio.run(read(size, large=large))
