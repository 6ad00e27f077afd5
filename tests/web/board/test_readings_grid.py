"""The routes that take the whole grid: large bodies, and a malformed row saves nothing."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from core.desk import context
from core.settings import read
from core.store import tables as t
from core.store.engine import Store, WriteTransaction
from core.web.application import Application
from core.web.board import readings
from core.web.http.request_body import BODY_BYTES, LARGE_BODY_BYTES
from tests.desk.judged_contest import MEETING, judged
from tests.web.board.test_readings_fetch import POSTED, Signed, signed

PATHS = {route.path for route in readings.routes()}
CODES = [f"T-{1000 + number}" for number in range(1500)]


@pytest.fixture
def app(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> Signed:
    """A contest with 1,500 works."""

    def act(transaction: WriteTransaction) -> None:
        works = [{"code": code, "title": code, "author": "A", "unit": "U"} for code in CODES]
        transaction.connection.execute(t.entry.insert(), works)

    judged(sqlite_store, {}).change(act)
    monkeypatch.setattr(context, "store", lambda: sqlite_store)
    monkeypatch.setattr(context, "now", lambda: MEETING)
    return signed()


def grid(**last: object) -> dict[str, Any]:
    """The whole grid as the page sends it; `last` changes its last row."""
    counts = {"reactions": "7", "comments": "1", "shares": "0"}
    row = {
        "explanation": "",
        "address": POSTED,
        "screenshot": "",
        "seen": 0,
        "asked": [],
        "corrects": None,
        "reason": "",
    }
    rows: list[dict[str, Any]] = [{"code": code, "counts": counts, **row} for code in CODES]
    rows[-1] |= last
    return {"taken_at": "2024-09-10T23:59", "rows": rows}


def sent(app: Signed, path: str, document: object) -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
            return await client.post(path, content=json.dumps(document), headers={"content-type": "application/json"})

    return asyncio.run(send())


def stored(store: Store) -> int:
    with store.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(t.reading)).scalar_one())


def test_the_whole_grid_is_checked_and_saved_in_one_request(app: Signed, sqlite_store: Store) -> None:
    assert BODY_BYTES < len(json.dumps(grid())) < LARGE_BODY_BYTES
    for path, number in ((readings.CHECK, 0), (readings.SAVE, len(CODES))):
        rows = sent(app, path, grid()).json()["rows"]
        assert [row["code"] for row in rows] == CODES and all(row["fits"] for row in rows)
        assert stored(sqlite_store) == number


def test_the_gate_reads_these_two_bodies_whole(tmp_path: Path) -> None:
    admission = Application(read({"DATA_DIR": str(tmp_path)}), "127.0.0.1", 8501, frozenset(), "").admission
    large = {path for path in PATHS if any(each.fullmatch(path) for each in admission.large_routes)}
    assert large == {readings.SAVE, readings.CHECK}


@pytest.mark.parametrize(
    "last", [{"seen": "0"}, {"more": 1}, {"counts": {"likes": "1"}}, {"code": "\ud800"}, {"seen": -1}]
)
def test_a_malformed_last_row_saves_nothing(app: Signed, sqlite_store: Store, last: dict[str, object]) -> None:
    assert sent(app, readings.SAVE, grid(**last)).status_code == 409
    assert stored(sqlite_store) == 0


def test_more_rows_than_a_contest_has_are_refused(app: Signed, sqlite_store: Store) -> None:
    document = grid()
    document["rows"] = document["rows"][:1] * (readings.MOST_ROWS + 1)
    assert sent(app, readings.SAVE, document).status_code == 409
    assert stored(sqlite_store) == 0
