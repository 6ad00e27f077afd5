"""Every page × every role × signed out, by its address, on a freshly started server: docs/design.md, Confidentiality.

A page that is not the visitor's shows the sign-in or a refusal and not one byte of what lies behind it. What would
show is in the demo: the works' codes, titles and authors, the judges' names and remarks, who has an account.
"""

import asyncio
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.desk.demo.material import PASSWORD, people, sheets
from core.rules.access import Role
from core.store import tables
from core.store.engine import connect
from pages.kit import pages_registry as pages
from tests.serving.raw_socket import RawSocket
from tests.serving.servers import Server, serving

VISITORS: Mapping[str | None, frozenset[Role]] = {
    None: frozenset(),
    **{who.username: who.roles for who in people() if who.username not in {"gk03", "gk04", "gk05"}},
}
REFUSED = "không có quyền"
SIGN_IN = "Tên đăng nhập"


def opens(page: pages.Page, username: str | None) -> bool:
    return page.roles is None or bool(page.roles & VISITORS[username])


@pytest.fixture
def cold(demo_template: Path, tmp_path: Path) -> Iterator[Server]:
    """A server that nobody has asked for anything yet."""
    shutil.copytree(demo_template, tmp_path / "var")
    with serving(tmp_path / "var") as server:
        yield server


def planted(server: Server, username: str | None) -> list[bytes]:
    """What would show: everything that is somebody's, but the visitor's own name."""
    store = connect(server.database_url)
    try:
        with store.read() as connection:
            works = connection.execute(
                sa.select(tables.entry.c.code, tables.entry.c.title, tables.entry.c.author, tables.entry.c.unit)
            )
            found = [word for row in works for word in row]
            accounts = connection.execute(sa.select(tables.account.c.username, tables.account.c.name))
            found += [name for other, name in accounts if other != username]
    finally:
        store.close()
    return [word.encode() for word in [*found, *(sheet.remark for sheet in sheets() if sheet.remark)]]


async def seen(server: Server, cookies: Mapping[str, str], address: str) -> RawSocket:
    async with RawSocket(server.origin, cookies) as socket:
        await socket.run(address)
        return socket


def looks(server: Server, username: str | None, page: pages.Page) -> None:
    """One visitor at one address: theirs opens, another's shows nothing of itself."""
    cookies = server.cookies(username, PASSWORD) if username else {}
    shown = asyncio.run(seen(server, cookies, page.address)).bytes
    where = (username, page.address)
    assert b"Traceback" not in shown, where
    if opens(page, username):
        assert REFUSED.encode() not in shown, where
        assert SIGN_IN.encode() not in shown or page.address == "accounts", where
        return
    assert (SIGN_IN if username is None else REFUSED).encode() in shown, where
    assert [word.decode() for word in planted(server, username) if word in shown] == [], where
    assert not [frame for frame in (b"/sheet/", b"/board", b"/poster/", b"/export/") if frame in shown], where


@pytest.mark.parametrize("page", pages.ALL, ids=lambda page: page.address)
def test_the_first_address_a_server_is_ever_asked_for_is_guarded(cold: Server, page: pages.Page) -> None:
    """A stranger comes first, then those whose page it is not, then those whose it is: it must open for these."""
    for username in sorted(VISITORS, key=lambda each: (each is not None, opens(page, each), str(each))):
        looks(cold, username, page)


@pytest.mark.parametrize("username", [each for each in VISITORS if each])
def test_whoever_comes_first_to_a_server_finds_what_is_not_theirs_closed(cold: Server, username: str) -> None:
    holds_most = ("standings", "queue", "awards", "panel", "interactions", "accounts", "charts", "marking")
    closed = [page for page in pages.ALL if not opens(page, username)]
    assert closed
    for page in sorted(closed, key=lambda each: holds_most.index(each.address)):
        looks(cold, username, page)


def test_what_was_planted_shows_where_it_may(demo: Server) -> None:
    """Without this, the tests above could pass on a search that finds nothing."""

    def shown(username: str, address: str) -> bytes:
        return asyncio.run(seen(demo, demo.cookies(username, PASSWORD), address)).bytes

    assert len(planted(demo, None)) > 80
    queue, awards, panel = shown("gk02", "queue"), shown("btc", "awards"), shown("gk01", "panel")
    assert b"T-417" in queue
    assert "Mận hậu lên sàn: từ nương nhà đến giỏ hàng cả nước".encode() in queue
    assert "Nhóm Hoa Mận (minh hoạ)".encode() not in queue
    assert "Nhóm Hoa Mận (minh hoạ)".encode() in awards
    assert "Cầm Văn Thuận".encode() in panel
    assert "Cầm Văn Thuận".encode() in shown("quantri", "accounts")
