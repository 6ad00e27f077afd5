"""`/healthz`: the real state, for anybody and any Host header, with at most one check a second."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from core.desk.maintenance import health
from core.desk.maintenance.health import Part
from core.settings import Settings, read
from core.store import migrate
from core.store.database.connections import NotSaved
from core.store.engine import Store
from core.web import health as web
from core.web.health import Health
from tests.desk.accounts.test_accounts import NOW
from tests.serving.servers import Server, serving

BAD, OK = {"status": "failing", "failing": ["database"]}, {"status": "ok", "failing": []}


@pytest.fixture
def site_settings(tmp_path: Path) -> Settings:
    return read({"DATA_DIR": str(tmp_path)})


class TestTheCheck:
    def test_finds_nothing_if_nothing_is_wrong_and_stores_the_time(self, store: Store, site_settings: Settings) -> None:
        assert health.failing(store, site_settings, NOW) == ()
        assert health.failing(store, site_settings, NOW) == ()  # the same moment twice
        with store.read() as connection:
            assert (
                connection.exec_driver_sql("select checked_at from health_check").scalar_one() == NOW.timestamp() * 1000
            )

    def test_a_database_that_takes_no_change_is_wrong(
        self, store: Store, site_settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_act: object) -> None:
            raise NotSaved

        monkeypatch.setattr(type(store), "change", lambda _self, act: full(act))
        assert health.failing(store, site_settings, NOW) == (Part.DATABASE,)

    def test_whatever_the_store_raises_is_wrong(
        self, store: Store, site_settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_self: Store) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(type(store), "read", broken)
        assert health.failing(store, site_settings, NOW) == (Part.DATABASE,)

    def test_a_row_that_is_gone_is_wrong(self, sqlite_store: Store, site_settings: Settings) -> None:
        with sqlite_store.migrating() as connection:
            connection.exec_driver_sql("delete from health_check")
        assert health.failing(sqlite_store, site_settings, NOW) == (Part.DATABASE,)

    def test_tables_of_another_release_are_wrong(
        self, store: Store, site_settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(migrate, "_newest", lambda: "9999")
        assert health.failing(store, site_settings, NOW) == (Part.MIGRATIONS,)

    @pytest.mark.parametrize("full", ["data", "library", "database"])
    def test_a_disk_that_is_nearly_full_is_wrong_wherever_the_desk_writes(
        self, sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: str
    ) -> None:
        folders = {name: tmp_path / name for name in ("data", "database")} | {"library": tmp_path / "data" / "library"}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        site_settings = read(
            {"DATA_DIR": str(folders["data"]), "DATABASE_URL": f"sqlite:///{folders['database'] / 'desk.db'}"}
        )
        free = dict.fromkeys(folders.values(), 10**12) | {folders[full]: health.LEAST_FREE - 1}
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free[folder]))
        assert health.failing(sqlite_store, site_settings, NOW) == (Part.DISK,)

    def test_folders_that_are_not_there_yet_are_no_trouble(self, sqlite_store: Store, site_settings: Settings) -> None:
        assert (
            health.failing(sqlite_store, replace(site_settings, data_dir=site_settings.data_dir / "nowhere"), NOW) == ()
        )


class TestTheRoute:
    def test_one_check_answers_all_who_ask_within_a_second(self) -> None:
        checks, now = 0, 0.0

        def check() -> tuple[str, ...]:
            nonlocal checks
            checks += 1
            time.sleep(0.02)
            return ("disk",) if checks > 1 else ()

        async def ask() -> list[tuple[str, ...]]:
            nonlocal now
            checked = Health(check, clock=lambda: now)
            found = [*await asyncio.gather(*(checked.failing() for _ in range(50))), await checked.failing()]
            now = web.FRESH_S + 0.1
            return [*found, await checked.failing()]

        assert asyncio.run(ask()) == [()] * 51 + [("disk",)]
        assert checks == 2

    def test_a_check_that_hangs_is_a_database_that_does_not_work_and_is_not_begun_twice(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(web, "LATE_S", 0.05)
        begun, release = 0, threading.Event()

        def hangs() -> tuple[str, ...]:
            nonlocal begun
            begun += 1
            release.wait(60)
            return ()

        async def ask() -> list[tuple[str, ...]]:
            checked = Health(hangs, clock=lambda: 0.0)
            late = [await checked.failing() for _ in range(3)]
            release.set()
            while found := await checked.failing():  # it is asked again until the check has ended
                late.append(found)
            return [*late, found]

        *late, found = asyncio.run(ask())
        assert set(late) == {("database",)} and found == ()
        assert begun == 1


def answered(server: Server, status: int, document: object, headers: dict[str, str] | None = None) -> httpx.Response:
    """The response, once it is this one: on a busy machine a check may take so long that the database counts as failing."""
    until = time.monotonic() + 60
    while True:
        answer = httpx.get(f"{server.origin}/healthz", headers=headers, timeout=20)
        if (answer.status_code, answer.json()) == (status, document):
            return answer
        assert time.monotonic() < until, answer.text
        time.sleep(0.2)


class TestServed:
    @pytest.mark.parametrize(
        "headers", [{}, {"host": "10.1.2.3:99"}, {"host": ""}, {"origin": "http://evil.example"}, {"cookie": "desk=x"}]
    )
    def test_it_answers_anybody_under_any_name(self, demo: Server, headers: dict[str, str]) -> None:
        answer = answered(demo, 200, OK, headers)
        assert answer.headers["cache-control"] == "no-store"

    def test_strangers_may_only_read_it(self, demo: Server) -> None:
        assert httpx.post(f"{demo.origin}/healthz", timeout=30).status_code == 403
        assert httpx.post(f"{demo.origin}/healthz", headers={"host": "10.1.2.3"}, timeout=30).status_code == 421

    @pytest.mark.timed
    def test_a_locked_database_is_reported_in_time_and_its_release_too(self, own_demo: Server) -> None:
        with closing(sqlite3.connect(own_demo.data_dir / "desk.db", isolation_level=None)) as other:
            other.execute("begin immediate")
            began = time.monotonic()
            answer = httpx.get(f"{own_demo.origin}/healthz", timeout=20)
            assert (answer.status_code, answer.json()) == (503, BAD)
            assert time.monotonic() - began < web.LATE_S + 2
            assert answer.headers["retry-after"] == "5"
            other.execute("rollback")
        answered(own_demo, 200, OK)

    def test_a_database_that_cannot_be_opened_is_reported_without_its_path(self, own_demo: Server) -> None:
        with closing(sqlite3.connect(own_demo.data_dir / "desk.db")) as other:
            other.executescript(
                "pragma writable_schema = on; update sqlite_master set sql = 'x' where name = 'health_check'"
            )
            other.commit()
        answered(own_demo, 503, BAD)
        text = httpx.get(f"{own_demo.origin}/healthz", timeout=20).text
        assert str(own_demo.data_dir) not in text and len(text) < 60

    def test_tables_that_wait_for_a_migration_are_reported(self, own_demo: Server) -> None:
        with closing(sqlite3.connect(own_demo.data_dir / "desk.db")) as other:
            other.execute("update alembic_version set version_num = '0001'")
            other.commit()
        answered(own_demo, 503, {"status": "failing", "failing": ["migrations"]})


@pytest.mark.fault
def test_a_full_disk_is_reported(demo_template: Path, tmp_path: Path) -> None:
    """A file system so small that it is full from the start."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a file system")
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=150m", "tmpfs", str(small)], check=True)
    try:
        shutil.copytree(demo_template, small / "var")
        with serving(small / "var") as server:
            answered(server, 503, {"status": "failing", "failing": ["disk"]})
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)
