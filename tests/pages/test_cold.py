"""Every page × every role × signed out, by its address, on a freshly started server: DESIGN §5, "Nobody sees what is not theirs".

A page that is not the visitor's shows the sign-in or a refusal and not one byte of what lies behind it. What would
show is in the demo: the works' codes and titles, the judges' names.
"""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.desk.demo_material import PASSWORD
from core.rules.access import Role
from core.store import tables
from core.store.engine import connect
from pages import map as pages
from tests.raw_socket import RawSocket
from tests.servers import Server, serving

VISITORS = {
    None: frozenset[Role](),
    "gk01": frozenset({Role.JUDGE, Role.CHIEF}),
    "gk02": frozenset({Role.JUDGE}),
    "thuky": frozenset({Role.SECRETARY}),
    "btc": frozenset({Role.COMMITTEE}),
    "kenh": frozenset({Role.CHANNEL}),
    "quantri": frozenset({Role.ADMIN}),
}
REFUSED = "không có quyền"
SIGN_IN = "Tên đăng nhập"


def opens(page: pages.Page, roles: frozenset[Role]) -> bool:
    return page.roles is None or bool(page.roles & roles)


@pytest.fixture(params=VISITORS, ids=str)
def fresh(request: pytest.FixtureRequest, demo_template: Path, tmp_path: Path) -> Iterator[tuple[Server, str | None]]:
    """A server that nobody has asked for anything yet, and who asks first."""
    shutil.copytree(demo_template, tmp_path / "var")
    with serving(tmp_path / "var") as server:
        yield server, request.param


def planted(server: Server) -> list[bytes]:
    """What nobody may see without being allowed: every work's code and title."""
    store = connect(server.database_url)
    try:
        with store.read() as connection:
            rows = connection.execute(sa.select(tables.entry.c.code, tables.entry.c.title, tables.entry.c.author))
            return [word.encode() for row in rows for word in row]
    finally:
        store.close()


async def seen(server: Server, cookies: dict[str, str], address: str) -> RawSocket:
    async with RawSocket(server.origin, cookies) as socket:
        await socket.run(address)
        return socket


def test_a_page_that_is_not_yours_shows_nothing_of_itself(fresh: tuple[Server, str | None]) -> None:
    server, username = fresh
    cookies = server.cookies(username, PASSWORD) if username else {}
    closed = [page for page in pages.ALL if not opens(page, VISITORS[username])]
    assert closed or username == "nobody"
    secrets = planted(server)
    assert len(secrets) >= 36
    # the page that holds most comes first, on a server that has run no script at all
    for page in sorted(closed, key=lambda each: each.address not in {"standings", "panel", "queue", "accounts"}):
        socket = asyncio.run(seen(server, cookies, page.address))
        shown = socket.bytes
        assert (SIGN_IN if username is None else REFUSED).encode() in shown, page.address
        assert not [word for word in secrets if word in shown], page.address
        assert b"/sheet/" not in shown
        assert b"/board" not in shown
        assert b"Traceback" not in shown


def test_a_page_that_is_yours_opens_by_its_address(fresh: tuple[Server, str | None]) -> None:
    """Without this, the test above could pass on a server that shows nothing to anybody."""
    server, username = fresh
    cookies = server.cookies(username, PASSWORD) if username else {}
    for page in pages.ALL:
        if opens(page, VISITORS[username]):
            shown = asyncio.run(seen(server, cookies, page.address)).bytes
            assert REFUSED.encode() not in shown, page.address
            assert SIGN_IN.encode() not in shown or page.address == "accounts", page.address


def test_the_judge_does_see_works(demo: Server) -> None:
    """What was planted does show where it may."""
    shown = asyncio.run(seen(demo, demo.cookies("gk02", PASSWORD), "queue")).bytes
    assert b"T-4" in shown
