"""A page opened by one account saves nothing as another: every request of the page carries its owner key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from core.desk import context
from core.settings import settings
from core.store.engine import Store
from core.web.sheet import marking
from tests.desk.contest_with_panel import LAN, MINH, NOW, assigned_panel
from tests.web.sheet.test_marking import API, SHEET, Client, Signed


@pytest.fixture
def client(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A client for two judges of the same works; `client.app.who` is signed in."""
    assigned_panel(sqlite_store)
    monkeypatch.setattr(context, "store", lambda: sqlite_store)
    monkeypatch.setattr(context, "now", lambda: NOW)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield Client(Signed(Starlette(routes=marking.routes())))
    settings.cache_clear()


def test_the_page_contains_a_key_that_identifies_nobody(client: Client) -> None:
    keys = {}
    for who in (LAN, MINH):
        client.app.who = who
        keys[who.username] = client.get(API).json()["owner"]
        assert keys[who.username] in client.get(SHEET).text
    assert len(set(keys.values())) == 2
    assert all(len(key) == 32 and name not in key for name, key in keys.items())


def test_a_request_from_the_page_of_another_user_is_refused_and_ends_the_page(client: Client) -> None:
    of_lan = {"x-sheet-owner": client.get(API).json()["owner"]}
    client.app.who = MINH
    body = {"version": 0, "marks": {"ND": "38,5"}, "remarks": {"": "LỜI-CỦA-LAN"}}
    answers = [
        client.patch(API, json=body, headers=of_lan),
        client.post(API + "/notes", json={"at_ms": 1, "text": "LỜI-CỦA-LAN"}, headers=of_lan),
        client.post(API + "/recusal", json={"reason": "LỜI-CỦA-LAN"}, headers=of_lan),
        client.post(API + "/watched", json={"played": [[0, 1000]]}, headers=of_lan),
        client.get(API, headers=of_lan),
    ]
    assert [(answer.status_code, answer.json()["ended"]) for answer in answers] == [(409, True)] * 5
    assert client.get(API).json()["version"] == 0 and client.get(API).json()["notes"] == []
    client.app.who = LAN
    assert client.patch(API, json=body, headers=of_lan).status_code == 200
