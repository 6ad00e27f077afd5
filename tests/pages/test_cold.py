"""Every page × every role × signed out, by its address, on a newly started server: docs/design.md, Confidentiality.

A page that the visitor may not open shows the sign-in form or a refusal, and no byte of its content. The tests search for
the demo's data: codes, titles and authors of works, names and remarks of judges, and accounts.
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
    """A server that has not answered a request yet."""
    shutil.copytree(demo_template, tmp_path / "var")
    with serving(tmp_path / "var") as server:
        yield server


def forbidden_strings(server: Server, username: str | None) -> list[bytes]:
    """The strings that must not appear: all data of works, people and remarks except the visitor's own name."""
    store = connect(server.database_url)
    try:
        with store.read() as connection:
            works = connection.execute(
                sa.select(tables.entry.c.code, tables.entry.c.title, tables.entry.c.author, tables.entry.c.unit)
            )
            found = [word for row in works for word in row]
            accounts = dict(connection.execute(sa.select(tables.account.c.username, tables.account.c.name)).all())
            members = connection.execute(sa.select(tables.official.c.name, tables.official.c.note)).all()
            found += [*accounts.values(), *(word for row in members for word in row if word), *phones(connection)]
            found = [word for word in found if username is None or word != accounts[username]]
    finally:
        store.close()
    return [word.encode() for word in [*found, *(sheet.remark for sheet in sheets() if sheet.remark)]]


def phones(connection: sa.Connection) -> list[str]:
    """The officials' phones, as they are stored and as the page groups their digits."""
    found = connection.scalars(sa.select(tables.official.c.phone)).all()
    return [form for phone in found for form in (phone, "\N{NO-BREAK SPACE}".join((phone[:4], phone[4:7], phone[7:])))]


async def visited(server: Server, cookies: Mapping[str, str], address: str) -> RawSocket:
    async with RawSocket(server.origin, cookies) as socket:
        await socket.run(address)
        return socket


def assert_access(server: Server, username: str | None, page: pages.Page) -> None:
    """Assert for one visitor and one page: a permitted page opens, any other shows nothing of its content."""
    cookies = server.cookies(username, PASSWORD) if username else {}
    received = asyncio.run(visited(server, cookies, page.address)).bytes
    where = (username, page.address)
    assert b"Traceback" not in received, where
    if opens(page, username):
        assert REFUSED.encode() not in received, where
        assert SIGN_IN.encode() not in received or page.address == "accounts", where
        return
    assert (SIGN_IN if username is None else REFUSED).encode() in received, where
    assert [word.decode() for word in forbidden_strings(server, username) if word in received] == [], where
    assert not [frame for frame in (b"/sheet/", b"/board", b"/poster/", b"/export/") if frame in received], where


@pytest.mark.parametrize("page", pages.ALL, ids=lambda page: page.address)
def test_the_first_request_to_a_new_server_is_guarded(cold: Server, page: pages.Page) -> None:
    """The order: a stranger, then visitors without access, then those with access, for whom it must open."""
    for username in sorted(VISITORS, key=lambda each: (each is not None, opens(page, each), str(each))):
        assert_access(cold, username, page)


@pytest.mark.parametrize("username", [each for each in VISITORS if each])
def test_the_first_visitor_of_a_server_cannot_open_what_is_not_permitted(cold: Server, username: str) -> None:
    holds_most = (
        "standings",
        "queue",
        "awards",
        "panel",
        "interactions",
        "readings",
        "accounts",
        "audit",
        "charts",
        "marking",
        "submissions",
        "screening",
        "jobs",
        "officials",
        "finals",
        "twins",
        "robustness",
        "issues",
    )
    closed = [page for page in pages.ALL if not opens(page, username)]
    assert closed
    for page in sorted(closed, key=lambda each: holds_most.index(each.address)):
        assert_access(cold, username, page)


def test_planted_texts_appear_where_they_are_permitted(demo: Server) -> None:
    """Without this, the tests above could pass because the search finds nothing."""

    def content(username: str, address: str) -> bytes:
        return asyncio.run(visited(demo, demo.cookies(username, PASSWORD), address)).bytes

    assert len(forbidden_strings(demo, None)) > 80
    queue, awards, panel = content("gk02", "queue"), content("btc", "awards"), content("gk01", "panel")
    assert b"T-417" in queue
    assert "Mận hậu lên sàn: từ nương nhà đến giỏ hàng cả nước".encode() in queue
    assert "Nhóm Hoa Mận (minh hoạ)".encode() not in queue
    assert "Nhóm Hoa Mận (minh hoạ)".encode() in awards
    assert "Cầm Văn Thuận".encode() in panel
    assert "Cầm Văn Thuận".encode() in content("quantri", "accounts")
    listed = content("quantri", "officials")
    assert "0912\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}002".encode() in listed and "Lường Văn Sơn".encode() in listed
