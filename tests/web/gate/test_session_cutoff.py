"""However a session ends, its connections end at once: event stream, film download, WebSocket, saves of the sheet."""

import asyncio
import os
import socket
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.desk import context
from core.desk.accounts import accounts, password_resets, sessions
from core.desk.demo.material import PASSWORD
from core.rules import permissions
from core.rules.access import Principal, Role
from core.rules.contest import StandingsForJudges
from core.rules.contest_file.reader import load
from core.store.engine import Store, connect
from tests.fixtures.contest_with_sheets import TOML
from tests.fixtures.films import registered_film
from tests.serving.event_stream import SOON, Line
from tests.serving.raw_socket import RawSocket
from tests.serving.servers import BROWSER, Server

WHO, WORK = "gk01", "T-417"  # judge and chief: has sheets, and may watch the standings
FILM = 64_000_000  # more than any buffer on the way holds
End = Callable[[Store, Principal], object]


def role_lost(store: Store, _who: Principal) -> None:
    accounts.set_roles(store, accounts.SYSTEM, WHO, [Role.JUDGE], context.now())


def closed(store: Store, _who: Principal) -> None:
    accounts.deactivate(store, accounts.SYSTEM, WHO, context.now())


def password_replaced(store: Store, _who: Principal) -> None:
    password_resets.temporary(store, accounts.SYSTEM, WHO, context.now())


def password_changed(store: Store, who: Principal) -> None:
    """Change the password in another browser of the same account."""
    ticket = sessions.sign_in(store, sessions.Attempt(WHO, PASSWORD, "127.0.0.1", BROWSER), context.now())
    secret = sessions.establish(store, ticket, BROWSER, "127.0.0.1", "", context.now())
    there = sessions.principal(store, secret, context.now())
    assert there is not None and there.session != who.session
    accounts.change_password(store, there, PASSWORD, "con trâu đi trước cái cày", BROWSER, context.now())


def signed_out(store: Store, who: Principal) -> None:
    sessions.end(store, who, who.session, context.now())


def idled_out(store: Store, who: Principal) -> None:
    """Set the session's last use two hours back, because the server's clock cannot be changed."""
    from core.store.people import sessions as rows

    at = context.millis(context.now() - sessions.IDLE)
    store.change(lambda transaction: rows.seen(transaction.connection, who.session, at))


class Download:
    """A film download that has started and is no longer read."""

    def __init__(self, server: Server, secret: str) -> None:
        self._line = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        request = f"GET /video/{WORK} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: desk={secret}\r\n\r\n"
        self._line.sendall(request.encode())
        self.begun = self._line.recv(4096)

    def rest(self) -> int:
        """The number of bytes received before the server closes the connection."""
        came = 0
        with closing(self._line):
            while more := self._line.recv(1 << 16):
                came += len(more)
        return came


def lengthened(library: Path, store: Store) -> None:
    """Give the judge's work a registered film that takes long to send."""
    film = library / "long.mp4"
    film.touch()
    os.truncate(film, FILM)
    registered_film(store, library, WORK, film)


class Held:
    """A save request of which everything but the last byte is sent."""

    BODY = b'{"version": 0, "marks": {"ND": "1"}, "remarks": {}}'

    def __init__(self, server: Server, secret: str) -> None:
        self._line = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        head = (
            f"PATCH /api/sheet/{WORK} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nOrigin: {server.origin}\r\n"
            f"Cookie: desk={secret}\r\nContent-Type: application/json\r\nContent-Length: {len(self.BODY)}\r\n\r\n"
        )
        self._line.sendall(head.encode() + self.BODY[:-1])

    def answer(self) -> int:
        """Send the last byte. Returns the response status."""
        with closing(self._line):
            with suppress(OSError):
                self._line.sendall(self.BODY[-1:])
            return int(self._line.recv(4096)[9:12])


@pytest.mark.parametrize(
    "end", [signed_out, password_changed, password_replaced, role_lost, closed, idled_out], ids=lambda end: end.__name__
)
def test_everything_that_is_open_ends(own_demo: Server, end: End) -> None:
    """Another process ends the session; within this process the desk notifies the gate itself."""
    cookies = own_demo.cookies(WHO, PASSWORD)
    with own_demo.client() as client, closing(connect(own_demo.database_url)) as store:
        lengthened(own_demo.data_dir / "library", store)
        client.cookies.update(cookies)
        who = sessions.principal(store, cookies["desk"], context.now())
        assert who is not None
        line = Line(client, "/live/standings")
        line.wait(1)
        film_half_sent = Download(own_demo, cookies["desk"])
        assert b" 200 OK" in film_half_sent.begun

        async def ended() -> tuple[Held, int, int | None, bool]:
            async with RawSocket(own_demo.origin, cookies) as page:
                await page.run("queue")
                held_back = Held(own_demo, cookies["desk"])  # the desk waits 20 s for a body
                await asyncio.sleep(1)
                end(store, who)
                until = time.monotonic() + SOON
                body = {"version": 0, "marks": {"ND": "1"}, "remarks": {}}
                saved = client.patch(f"/api/sheet/{WORK}", json=body).status_code  # no further event, for a second
                code = await page.until_closed(until - time.monotonic())
                return held_back, saved, code, line.closed.wait(until - time.monotonic())

        held_back, *others = asyncio.run(ended())
        assert others == [401, 4401, True]
        assert line.event_names[-1] == "end"  # with a message: the page says that the session has ended
        assert film_half_sent.rest() < FILM / 2
        assert held_back.answer() == 401
        assert client.get("/auth/alive").status_code == 401


MILESTONES = tuple(
    SimpleNamespace(**{name: 1 if name in reached else None for name in ("judging_closed_at", "published_at")})
    for reached in ((), ("judging_closed_at",), ("judging_closed_at", "published_at"))
)


@pytest.mark.parametrize("early", list(StandingsForJudges))
def test_access_to_the_standings_is_lost_only_with_a_session(early: StandingsForJudges) -> None:
    """Access to a stream is checked once. Rights only grow during a contest, and losing a role ends the session."""
    contest = load(TOML.read_text(), "contest.toml")
    contest = replace(contest, judging=replace(contest.judging, standings_for_judges=early))
    for number in range(1 << len(Role)):
        roles = frozenset(role for place, role in enumerate(Role) if number >> place & 1)
        who = Principal("x", "X", roles, "")
        may = [permissions.may_see_standings(who, contest, milestones) for milestones in MILESTONES]
        assert may == sorted(may), (roles, may)


def test_the_log_of_the_server_contains_no_secret(own_demo: Server) -> None:
    with closing(connect(own_demo.database_url)) as store:
        link = password_resets.reset_link(store, accounts.SYSTEM, WHO, context.now())
        ticket = sessions.sign_in(store, sessions.Attempt("btc", PASSWORD, "127.0.0.1", BROWSER), context.now())
    secret = own_demo.cookies("btc", PASSWORD)["desk"]
    with own_demo.client() as client:
        for address in (f"/auth/establish?t={ticket}", f"/reset?link={link}", "/nothing", "/media/x"):
            client.get(address, headers={"cookie": f"browser={BROWSER}; desk={secret}"})

    async def look() -> None:
        async with RawSocket(own_demo.origin, {"browser": BROWSER}) as page:
            await page.run("reset", query=f"link={link}")
            await page.run("reset", query="link=PLANTED-wrong-link")

    asyncio.run(look())
    log = own_demo.output()
    for planted in (link, ticket, secret, BROWSER, PASSWORD, "PLANTED"):
        assert planted not in log
