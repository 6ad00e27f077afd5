"""Why a database does not open: each cause has its own correct sentence, and none repeats the password."""

import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.rules.words import Refusal, Unavailable
from core.settings import sqlite_url
from core.store.database.connection_errors import CannotConnect
from core.store.database.database_url import NoDatabase
from core.store.migrate import open_database
from tests.serving.databases import APPLICATION, PASSWORDS, TEMPLATE, Cluster
from tests.serving.servers import free_port

Changed = Callable[..., str]


@pytest.fixture
def changed(cluster: Cluster) -> Changed:
    """The URL of a good database over TCP with some parts replaced and more in its query."""

    def url(more: dict[str, str] | None = None, **parts: object) -> str:
        good = sa.make_url(cluster.url(TEMPLATE, APPLICATION, tcp=True))
        known = {name: getattr(good, name) for name in ("username", "password", "host", "port", "database")}
        made = sa.URL.create(good.drivername, **{**known, **parts}, query=more or {})
        return made.render_as_string(hide_password=False)

    return url


@pytest.fixture
def other_program() -> Iterator[int]:
    """The port of a listening program that is not PostgreSQL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            while True:
                try:
                    caller, _ = listening.accept()
                except OSError:
                    return
                with caller:
                    caller.recv(100)
                    caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def refused(url: str) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        open_database(url, create=False).close()
    assert not any(secret in str(refusal.value) for secret in PASSWORDS.values())
    return refusal.value


def test_the_good_url_opens(changed: Changed) -> None:
    open_database(changed(), create=False).close()


@pytest.mark.parametrize(
    "parts, more, says",
    [
        ({"password": "sai m@t/khau"}, {}, "không nhận vai trò desk_of_tests với mật khẩu ghi trong DATABASE_URL"),
        ({"username": "khong_ai"}, {}, "không nhận vai trò khong_ai với mật khẩu"),
        ({"password": None}, {}, "mà DATABASE_URL không ghi mật khẩu nào"),
        ({"database": "khong_co"}, {}, "PostgreSQL không có cơ sở dữ liệu khong_co (127.0.0.1:"),
        ({}, {"sslmode": "require"}, "không dùng SSL, mà DATABASE_URL đòi phải có"),
        ({}, {"sslmode": "verify-full", "sslrootcert": "/nowhere"}, "không dùng SSL, mà DATABASE_URL đòi phải có"),
        ({}, {"sslmode": "maybe"}, 'DATABASE_URL có tham số mà PostgreSQL không nhận (invalid sslmode value: "maybe")'),
        ({}, {"colour": "red"}, 'không nhận (invalid connection option "colour")'),
        ({}, {"connect_timeout": "soon"}, "DATABASE_URL có tham số mà PostgreSQL không nhận (bad value"),
        ({}, {"options": "-c colour=red"}, "DATABASE_URL có tham số mà PostgreSQL không nhận"),
    ],
)
def test_a_configuration_error_is_named(
    changed: Changed, parts: dict[str, object], more: dict[str, str], says: str
) -> None:
    found = refused(changed(more, **parts))
    assert isinstance(found, CannotConnect) and not isinstance(found, Unavailable)
    assert says in str(found) and "\n" not in str(found)


@pytest.mark.parametrize(
    "setup, says",
    [
        ("alter role bare nologin", "không có vai trò bare, hoặc vai trò này không được đăng nhập"),
        ("revoke connect on database closed from public", "Vai trò bare không được nối vào cơ sở dữ liệu closed"),
        ("alter database closed allow_connections false", "không có cơ sở dữ liệu closed"),
    ],
)
def test_what_the_server_forbids_is_named(cluster: Cluster, setup: str, says: str) -> None:
    cluster.role("bare")
    cluster.sql("create database closed")
    try:
        cluster.sql(setup)
        found = refused(cluster.url("closed", "bare"))
    finally:
        cluster.sql("drop database closed")
        cluster.sql("drop role bare")
    assert isinstance(found, CannotConnect) and says in str(found)


@pytest.mark.parametrize(
    "rules, says",
    [
        ("local all desk_of_tests peer", "chỉ nhận vai trò desk_of_tests từ người dùng hệ điều hành"),
        ("local all desk_of_tests reject", "không cho vai trò desk_of_tests nối từ máy này theo cách này"),
    ],
)
def test_what_pg_hba_refuses_is_named(cluster: Cluster, rules: str, says: str) -> None:
    file = cluster.data / "pg_hba.conf"
    before = file.read_text()
    try:
        file.write_text(f"{rules}\n{before}")
        cluster.control("reload")
        found = refused(cluster.url(TEMPLATE, APPLICATION))
    finally:
        file.write_text(before)
        cluster.control("reload")
    assert isinstance(found, CannotConnect) and says in str(found)


@pytest.mark.parametrize(
    "parts, more, says",
    [
        ({"port": "free"}, {}, "Không có máy chủ PostgreSQL nào trả lời ở template_of_tests (127.0.0.1:"),
        (
            {"host": None},
            {"host": "/nowhere"},
            "Không có máy chủ PostgreSQL nào trả lời ở template_of_tests (/nowhere:",
        ),
        ({"host": "may-chu.invalid"}, {}, "Không tìm thấy máy chủ PostgreSQL template_of_tests (may-chu.invalid:"),
        ({"port": "other"}, {}, "không phải PostgreSQL, hoặc vừa dừng"),
        ({}, {"target_session_attrs": "standby"}, "có trả lời nhưng không cho vai trò desk_of_tests nối"),
    ],
)
def test_a_server_that_may_still_start_is_awaited_and_named(
    changed: Changed, other_program: int, parts: dict[str, object], more: dict[str, str], says: str
) -> None:
    ports = {"free": free_port(), "other": other_program}
    found = refused(changed(more, **{k: ports.get(str(v), v) for k, v in parts.items()}))
    assert isinstance(found, Unavailable) and says in str(found)
    assert found.why  # in the driver's words, for the operator


def test_a_server_without_free_connections_is_named(cluster: Cluster) -> None:
    cluster.role("alone", options="connection limit 0")
    found = refused(cluster.url(TEMPLATE, "alone"))
    assert isinstance(found, Unavailable) and "không cho vai trò alone nối" in str(found)
    assert "too many connections" in found.why


def test_a_database_without_our_tables_is_refused(cluster: Cluster) -> None:
    cluster.sql("create database bare_of_tables")
    assert isinstance(refused(cluster.url("bare_of_tables")), NoDatabase)
    cluster.sql("drop database bare_of_tables")


class TestSqlite:
    @pytest.fixture
    def file(self, sqlite_template: Path, tmp_path: Path) -> Path:
        path = tmp_path / "desk.db"
        path.write_bytes(sqlite_template.read_bytes())
        return path

    def test_another_file_is_not_a_database(self, file: Path) -> None:
        file.write_text("Kính gửi Ban Tổ chức, đây không phải là một cơ sở dữ liệu.")
        assert str(refused(sqlite_url(file))) == f"Tệp {file} không phải là cơ sở dữ liệu SQLite."

    def test_a_damaged_one_is_named(self, file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("pragma journal_mode=wal")
            root = connection.execute("select rootpage from sqlite_master where name = 'alembic_version'").fetchone()[0]
            size = connection.execute("pragma page_size").fetchone()[0]
        content = bytearray(file.read_bytes())
        content[(root - 1) * size : root * size] = b"\xff" * size
        file.write_bytes(bytes(content))
        assert f"Tệp cơ sở dữ liệu {file} bị hỏng" in str(refused(sqlite_url(file)))

    def test_a_folder_in_place_of_the_wal_file_is_named(self, file: Path) -> None:
        file.with_name("desk.db-wal").mkdir()
        assert str(file) in str(refused(sqlite_url(file)))
