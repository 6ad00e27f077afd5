"""A page made for one account saves nothing as another's: the key its tab stores by goes with everything it sends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from core.desk import context
from core.settings import settings
from core.store.engine import Store
from core.web.sheet import marking
from tests.desk.a_panel import LAN, MINH, NOW, seated
from tests.web.sheet.test_marking import API, SHEET, Client, Signed


@pytest.fixture
def client(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Two judges before the same works; `client.app.who` is signed in."""
    seated(sqlite_store)
    monkeypatch.setattr(context, "store", lambda: sqlite_store)
    monkeypatch.setattr(context, "now", lambda: NOW)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield Client(Signed(Starlette(routes=marking.routes())))
    settings.cache_clear()


def test_the_page_carries_a_key_that_names_nobody(client: Client) -> None:
    keys = {}
    for who in (LAN, MINH):
        client.app.who = who
        keys[who.username] = client.get(API).json()["owner"]
        assert keys[who.username] in client.get(SHEET).text
    assert len(set(keys.values())) == 2
    assert all(len(key) == 32 and name not in key for name, key in keys.items())


def test_what_a_page_of_another_sends_is_refused_and_the_page_is_over(client: Client) -> None:
    of_lan = {"x-sheet-owner": client.get(API).json()["owner"]}
    client.app.who = MINH
    body = {"version": 0, "marks": {"ND": "38,5"}, "remarks": {"": "LỜI-CỦA-LAN"}}
    asked = [
        client.patch(API, json=body, headers=of_lan),
        client.post(API + "/notes", json={"at_ms": 1, "text": "LỜI-CỦA-LAN"}, headers=of_lan),
        client.post(API + "/recusal", json={"reason": "LỜI-CỦA-LAN"}, headers=of_lan),
        client.post(API + "/watched", json={"played": [[0, 1000]]}, headers=of_lan),
        client.get(API, headers=of_lan),
    ]
    assert [(answer.status_code, answer.json()["ended"]) for answer in asked] == [(409, True)] * 5
    assert client.get(API).json()["version"] == 0 and client.get(API).json()["notes"] == []
    client.app.who = LAN
    assert client.patch(API, json=body, headers=of_lan).status_code == 200
