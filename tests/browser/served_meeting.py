"""A server over the award meeting's database. Every account signs in with PASSWORD."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import bcrypt
from playwright.sync_api import Page, expect

from core.settings import sqlite_url
from core.store import tables as t
from core.store.engine import Store, connect
from tests.browser.person import Visit, still
from tests.desk.judged_contest import AFTER_CUT_OFF, BEFORE_CUT_OFF, CHANNEL, MEETING, judged
from tests.fixtures.readings import confirmed_reading
from tests.serving.servers import Server, serving

PASSWORD = "meo-con-leo-cay-cau"


@contextmanager
def served(
    template: Path, folder: Path, marks: Mapping[str, tuple[int, ...]], arrange: Callable[[Store], object]
) -> Iterator[Server]:
    """Serve a copy of the migrated database `template`, with sheets of these `marks` and changed by `arrange`."""
    folder.mkdir()
    shutil.copy(template, folder / "desk.db")
    store = connect(sqlite_url(folder / "desk.db"))
    judged(store, marks)
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    store.change(lambda transaction: transaction.connection.execute(t.account.update().values(password=hashed)).close())
    arrange(store)
    store.close()
    with serving(folder) as server:
        yield server


def read_off(store: Store, at: datetime = BEFORE_CUT_OFF) -> None:
    """Enter counts for two works; T-401 gets a second reading after the cut-off. The numbers have up
    to seven digits.
    """
    for code, reactions, when in (("T-405", "1200", at), ("T-401", "80", at), ("T-401", "1204567", AFTER_CUT_OFF)):
        typed = {"reactions": reactions, "comments": "10411", "shares": "31870", "views": "4408123"}
        confirmed_reading(store, CHANNEL, code, typed, when, MEETING)


def choose_work(page: Page, code: str) -> None:
    """Choose the work whose counts are typed, on the page of interactions."""
    still(page).get_by_role("combobox", name="Tác phẩm").press_sequentially(code)  # what moves closes an open list
    page.get_by_role("option", name=code).click()


def confirm_readings(page: Page) -> None:
    """Confirm every reading that waits, on the page of readings of somebody who may."""
    waiting = page.locator(".waiting li")
    expect(waiting).not_to_have_count(0)
    for left in range(waiting.count() - 1, -1, -1):
        waiting.first.get_by_role("button", name="Xác nhận", exact=True).click()
        expect(waiting).to_have_count(left)


def window(person: Visit, username: str, address: str) -> Page:
    """Open `address` in a new browser window, signed in as this account of the meeting."""
    for name, value in person.server.cookies(username, PASSWORD).items():
        person.context.add_cookies([{"name": name, "value": value, "url": person.server.origin}])
    return person.open(address)
