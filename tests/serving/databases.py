"""A migrated database for every test: an SQLite file, and a PostgreSQL database in a temporary cluster.

PostgreSQL requires a password (SCRAM) from everybody, over its socket and over TCP. Every password needs escaping
somewhere: in a URL, in a connection string, in SQL or in a shell.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from core.settings import sqlite_url as url_of
from core.store.engine import Connection, Store, connect
from core.store.migrate import migrate
from core.store.postgresql import grants
from tests.serving.servers import free_port

TEMPLATE = "template_of_tests"
OWNER, APPLICATION = "postgres", "desk_of_tests"  # roles: the owner of the tables, and the role that serves the desk
PASSWORDS = {OWNER: r"""chủ p@ss/w#rd:%é '"\ +?&=$(x)`[]""", APPLICATION: r"""b@n/ch#m:%20%é "'\ ?&+={}"""}
_DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


class NoPostgreSQL(RuntimeError):
    """The programs of PostgreSQL are not on this machine."""


@dataclass
class Cluster:
    """A temporary PostgreSQL cluster with its socket in its own directory; removed after the tests."""

    directory: Path
    programs: Path
    durable: bool
    owner: tuple[str, ...]  # the prefix that runs a command as another user: initdb refuses root
    port: int = field(default_factory=free_port)
    passwords: dict[str, str] = field(default_factory=lambda: dict(PASSWORDS))
    watch: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def url(self, database: str, role: str = OWNER, *, tcp: bool | None = None) -> str:
        """The URL of a database for a role. The owner connects over TCP and every other role over the socket, unless
        `tcp` says otherwise.
        """
        over_tcp = role == OWNER if tcp is None else tcp
        secret = self.passwords[role]
        if over_tcp:
            where = sa.URL.create("postgresql+psycopg", role, secret, "127.0.0.1", self.port, database)
        else:
            socket = {"host": str(self.directory), "port": str(self.port)}
            where = sa.URL.create("postgresql+psycopg", role, secret, database=database, query=socket)
        return where.render_as_string(hide_password=False)

    def role(self, name: str, *, options: str = "") -> None:
        """Create a role that can log in, with a password that needs escaping like the others."""
        self.passwords.setdefault(name, f"{PASSWORDS[APPLICATION]}{name}")
        made = sql.SQL("create role {} login password {} ").format(
            sql.Identifier(name), sql.Literal(self.passwords[name])
        )
        with self.connection() as connection:
            connection.execute(made + sql.SQL(options))

    def connection(self, role: str = OWNER, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """A plain psycopg connection, without the store. Autocommit for the owner only."""
        where = psycopg.conninfo.make_conninfo(host=str(self.directory), port=self.port, dbname=database)
        return psycopg.connect(where, user=role, password=self.passwords[role], autocommit=role == OWNER)

    def control(self, *words: str) -> None:
        """Run pg_ctl; try again while the shared memory of a killed server is not yet released."""
        for patience in range(10, -1, -1):
            done = subprocess.run(
                [*self.owner, str(self.programs / "pg_ctl"), "-D", str(self.data), "-w", "-t", "60", *words],
                stdout=subprocess.DEVNULL,
                cwd=self.directory,
                check=False,
            )
            if not done.returncode:
                return
            time.sleep(0.5)
            if not patience:
                raise RuntimeError(f"pg_ctl {words} failed: {(self.directory / 'log').read_text()[-2000:]}")

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={self.directory}"
        options += " -c max_connections=200"
        if not self.durable:
            options += " -c fsync=off -c full_page_writes=off"
        self.control("-l", str(self.directory / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self.control("-m", "immediate", "stop")
        if self.watch is not None:
            self.watch.communicate(b"over\n")
        shutil.rmtree(self.directory, ignore_errors=True)

    def stop_with_this_process(self) -> None:
        """Start a shell that reads a pipe from this process. If this process is killed, the shell stops the server
        and removes its files.
        """
        stop = " ".join([*self.owner, str(self.programs / "pg_ctl"), "-D", str(self.data), "-m", "immediate", "stop"])
        gone = f"read -r _; {stop} >/dev/null 2>&1; rm -rf {self.directory}"
        self.watch = subprocess.Popen(["sh", "-c", gone], stdin=subprocess.PIPE, cwd="/", start_new_session=True)

    def sql(self, statement: str) -> None:
        with self.connection() as c:
            c.execute(statement.encode())


def _programs() -> Path:
    found = shutil.which("postgres")
    for folder in [*_DEBIAN, *([Path(found).resolve().parent] if found else [])]:
        if (folder / "initdb").exists():
            return folder
    raise NoPostgreSQL("PostgreSQL's programs (initdb, pg_ctl) are not on this machine: install postgresql")


def _owner(directory: Path) -> tuple[str, ...]:
    if os.geteuid() != 0:
        return ()
    shutil.chown(directory, "postgres", "postgres")
    return ("runuser", "-u", "postgres", "--")


def made(*, durable: bool = True) -> Cluster:
    """Start a new cluster with a migrated template database whose grants are given to APPLICATION.

    Without `durable` it is faster, but must not be killed: fsync is off.
    """
    programs = _programs()
    directory = Path(tempfile.mkdtemp(prefix="judging-pg-"))  # short: a socket's path may have 107 bytes
    cluster = Cluster(directory, programs, durable, _owner(directory))
    secret = directory / "password"
    secret.write_text(PASSWORDS[OWNER])
    subprocess.run(
        [
            *cluster.owner,
            str(programs / "initdb"),
            "-D",
            str(cluster.data),
            "-k",
            "-U",
            "postgres",
            "-A",
            "scram-sha-256",
            f"--pwfile={secret}",
            "-E",
            "UTF8",
            "--locale=C",
        ],
        stdout=subprocess.DEVNULL,
        cwd=directory,
        check=True,
    )
    cluster.start()
    cluster.stop_with_this_process()
    cluster.sql(f"create database {TEMPLATE}")
    cluster.role(APPLICATION)
    with closing(migrated(cluster.url(TEMPLATE))) as store:
        grants.give(store, APPLICATION)
    return cluster


def migrated(url: str) -> Store:
    store = connect(url)
    migrate(store)
    return store


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The one PostgreSQL cluster of this run."""
    try:
        cluster = made(durable=False)
    except NoPostgreSQL as absent:
        if os.environ.get("CI"):
            raise
        print(f"\n*** NOT TESTED ON POSTGRESQL: {absent} ***", file=sys.__stderr__)
        pytest.skip(f"NOT TESTED ON POSTGRESQL: {absent}")
    yield cluster
    cluster.stop()


_number = count(1)


@pytest.fixture
def postgresql_url(cluster: Cluster) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database for this test, as the role that serves the desk."""
    name = f"test_{next(_number)}"
    cluster.sql(f"create database {name} template {TEMPLATE}")
    yield cluster.url(name, APPLICATION)
    cluster.sql(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "contest.db"
    migrated(url_of(path)).close()  # closing the last connection removes the -wal file
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite file for this test."""
    path = tmp_path / "contest.db"
    shutil.copy(sqlite_template, path)
    return url_of(path)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database for this test; the test runs on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


def owner_url(url: str) -> str:
    """The URL of the same database for the owner of its tables."""
    if not url.startswith("postgresql"):
        return url
    owner = sa.make_url(url).set(username=OWNER, password=PASSWORDS[OWNER])
    return owner.render_as_string(hide_password=False)


@contextmanager
def owner_transaction(store: Store) -> Iterator[Connection]:
    """One transaction as the owner of this store's tables."""
    url = owner_url(store.url.render_as_string(hide_password=False))
    with closing(connect(url)) as owner, owner.migrating() as connection:
        yield connection


@pytest.fixture
def open_store() -> Iterator[Callable[[str], Store]]:
    """Opens databases, and closes them after the test."""
    opened: list[Store] = []

    def opening(url: str) -> Store:
        opened.append(connect(url))
        return opened[-1]

    yield opening
    for store in opened:
        store.close()


@pytest.fixture
def store(database_url: str, open_store: Callable[[str], Store]) -> Store:
    """An open, migrated, empty database: the test runs on SQLite and on PostgreSQL."""
    return open_store(database_url)


@pytest.fixture
def sqlite_store(sqlite_url: str, open_store: Callable[[str], Store]) -> Store:
    """An open, migrated, empty SQLite database: for tests of what does not depend on the database."""
    return open_store(sqlite_url)
