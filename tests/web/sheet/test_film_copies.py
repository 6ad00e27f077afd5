"""Which copy of a film is served, and to whom: a judge never gets the tagged original once its copy exists."""

import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.rules.access import Principal
from core.store import tables as t
from core.store.engine import Store
from core.store.films.film_copies import CopyKind
from tests.desk.contest_with_panel import CHANNEL, CHIEF, CODES, LAN, MINH, SECRETARY
from tests.fixtures.films import registered_copy
from tests.fixtures.ledger_payloads import acts
from tests.web.sheet.test_marking import API, FILM, SHEET, Client, Signed, client, signed

__all__ = ["client", "signed"]
CODE = CODES[0]
LIGHT, VIDEO = f"/video/{CODE}?copy=light", f"/video/{CODE}"
CONTENT = {kind: f"the {kind} copy".encode() * 99 for kind in CopyKind}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def store(signed: Signed, sqlite_store: Store, library: Path) -> Store:
    """The film of the first work is registered by its hash."""
    sha256 = hashlib.sha256(FILM).hexdigest()
    (library / f"{sha256}.mp4").write_bytes(FILM)
    named = sa.update(t.entry).where(t.entry.c.code == CODE).values(sha256=sha256, video=f"{sha256}.mp4")
    sqlite_store.change(lambda transaction: transaction.connection.execute(named).close())
    return sqlite_store


def copy(store: Store, library: Path, kind: CopyKind) -> Path:
    return library / registered_copy(store, library, CODE, kind, CONTENT[kind]).file


def test_judges_get_the_copy_without_tags_and_organisers_the_original(
    client: Client, signed: Signed, store: Store, library: Path
) -> None:
    assert client.get(VIDEO).content == FILM
    made = copy(store, library, CopyKind.ANONYMOUS)
    for who, content in ((LAN, CONTENT[CopyKind.ANONYMOUS]), (CHIEF, CONTENT[CopyKind.ANONYMOUS]), (SECRETARY, FILM)):
        signed.who = who  # the chief marks this work too
        answer = client.get(VIDEO)
        assert (answer.content, answer.headers["content-type"]) == (content, "video/mp4")
        assert "content-disposition" not in answer.headers
    signed.who = LAN
    made.unlink()  # as after a restore, until it is made again
    assert client.get(VIDEO).content == FILM
    made.write_bytes(b"another")
    assert client.get(VIDEO).status_code == 409


def test_judges_get_the_playable_copy_where_one_was_needed(client: Client, store: Store, library: Path) -> None:
    copy(store, library, CopyKind.ANONYMOUS)
    copy(store, library, CopyKind.PLAYABLE)
    assert client.get(VIDEO).content == CONTENT[CopyKind.PLAYABLE]


@pytest.mark.parametrize("asked,status", [(None, 200), ("bytes=0-9", 206), ("bytes=-5", 206), ("bytes=99999-", 416)])
def test_the_light_copy_is_served_as_the_film_is(
    client: Client, signed: Signed, store: Store, library: Path, asked: str | None, status: int
) -> None:
    copy(store, library, CopyKind.LIGHT)
    for who in (LAN, SECRETARY):
        signed.who = who
        answer = client.get(LIGHT, headers={"range": asked} if asked else {})
        assert answer.status_code == status
        assert status == 416 or answer.content in CONTENT[CopyKind.LIGHT]
        assert status == 416 or answer.headers["cache-control"] == "private, no-store"
    assert client.get(LIGHT, headers={"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("who", [None, CHANNEL, MINH], ids=["stranger", "channel", "recused"])
def test_nobody_else_gets_a_copy(
    client: Client, signed: Signed, store: Store, library: Path, who: Principal | None
) -> None:
    copy(store, library, CopyKind.LIGHT)
    if who is MINH:
        signed.who = MINH
        client.post(f"{API}/recusal", json={"reason": "Người nhà."})
    signed.who = who
    assert client.get(LIGHT).status_code == 404
    assert client.get(LIGHT).content == client.get("/video/T-999?copy=light").content


def test_a_work_not_assigned_has_no_light_copy_either(client: Client, store: Store) -> None:
    assert client.get("/video/T-404?copy=light").content == client.get("/video/T-404").content


@pytest.mark.parametrize("asked", ["full", "", "Light", "anonymous", "light&copy=light", "../x", "%00"])
def test_an_unknown_copy_is_not_found(client: Client, store: Store, library: Path, asked: str) -> None:
    copy(store, library, CopyKind.LIGHT)
    assert client.get(f"{VIDEO}?copy={asked}").status_code == 404


def test_the_light_copy_is_not_found_before_it_is_made_or_when_it_is_lost(
    client: Client, store: Store, library: Path
) -> None:
    assert client.get(LIGHT).status_code == 404
    made = copy(store, library, CopyKind.LIGHT)
    assert client.get(LIGHT).status_code == 200
    made.write_bytes(b"another")
    assert client.get(LIGHT).status_code == 409
    made.unlink()
    assert client.get(LIGHT).status_code == 404


def test_its_opening_is_recorded_as_the_film_s(client: Client, store: Store, library: Path) -> None:
    copy(store, library, CopyKind.LIGHT)
    before = len(acts(store, "film.opened"))
    client.get(LIGHT)
    assert acts(store, "film.opened")[before:] in ([], [(LAN.username, {"entry": CODE})])


def test_the_sheet_offers_the_choice_only_where_there_is_a_light_copy(
    client: Client, store: Store, library: Path
) -> None:
    assert "film-copy" not in client.get(SHEET).text and f'src="{VIDEO}"' in client.get(SHEET).text
    copy(store, library, CopyKind.LIGHT)
    html = client.get(SHEET).text
    assert '<select id="film-copy">' in html and f'src="{VIDEO}"' not in html
    assert client.get(API).json()["light"] is True
