"""The award meeting's database, served: every person of it signs in with one password."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import bcrypt
from playwright.sync_api import Page

from core.store import tables as t
from core.store.engine import Store, connect
from tests.browser.person import Visit
from tests.desk.a_meeting import judged
from tests.servers import Server, serving

PASSWORD = "meo-con-leo-cay-cau"


@contextmanager
def served(
    template: Path, folder: Path, marks: Mapping[str, tuple[int, ...]], arrange: Callable[[Store], object]
) -> Iterator[Server]:
    """Serve a copy of the migrated `template`, judged by these marks and arranged as a test wants it."""
    folder.mkdir()
    shutil.copy(template, folder / "desk.db")
    store = connect(f"sqlite:///{folder / 'desk.db'}")
    judged(store, marks)
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    store.change(lambda unit: unit.connection.execute(t.account.update().values(password=hashed)).close())
    arrange(store)
    store.close()
    with serving(folder) as server:
        yield server


def window(person: Visit, username: str, address: str) -> Page:
    """A window of a person of the meeting, signed in."""
    for name, value in person.server.cookies(username, PASSWORD).items():
        person.context.add_cookies([{"name": name, "value": value, "url": person.server.origin}])
    return person.open(address)
