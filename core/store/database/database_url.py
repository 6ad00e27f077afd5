"""What a database URL names: an SQLite file, or a PostgreSQL database; and how that is said without its password."""

import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from core.rules.words import Refusal

SQLITE_PATH_BYTES = 460  # SQLite opens no path beyond 512; its -journal and an unfinished copy need longer names


class UnknownDatabase(Refusal):
    """DATABASE_URL names neither an SQLite file nor a PostgreSQL database."""

    def __init__(self) -> None:
        super().__init__("DATABASE_URL phải là sqlite:///tệp hoặc postgresql+psycopg://…")


class NoDatabase(Refusal):
    """There is no database at this place, and what was asked does not make one."""

    def __init__(self, place: str) -> None:
        super().__init__(
            "Không có cơ sở dữ liệu nào của bàn chấm ở {place}. Hãy đặt DATA_DIR (hoặc DATABASE_URL) là nơi có dữ liệu; "
            "nếu chưa mở cuộc thi thì chạy: python -m core init --contest TỆP.toml",
            place=place,
        )


class PathTooLong(Refusal):
    """SQLite cannot open a file whose path is that long."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "Đường dẫn {path} quá dài đối với SQLite (nhiều nhất {most} byte).", path=path, most=SQLITE_PATH_BYTES
        )


class SecretParameter(Refusal):
    """A secret of the URL that PostgreSQL's programs take on their command line only, where everybody could read it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "DATABASE_URL có {name}, thứ không giao được cho pg_dump và pg_restore mà không lộ trên dòng lệnh; "
            "hãy dùng khóa không có mật khẩu.",
            name=name,
        )


def parsed(url: str) -> sa.URL:
    """A URL of one of the two databases. Raises UnknownDatabase."""
    try:
        found = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:  # ValueError: the port is no number
        raise UnknownDatabase from error
    file = found.drivername == "sqlite" and found.database not in (None, "", ":memory:")
    if not file and found.drivername != "postgresql+psycopg":
        raise UnknownDatabase
    return found


def printable(url: sa.URL) -> str:
    """Where a database lies, to be printed: the SQLite file, or the PostgreSQL database and its servers; no password."""
    if url.get_backend_name() == "sqlite":
        return str(Path(str(url.database)).absolute())
    return "{dbname} ({host}:{port})".format_map({"dbname": url.username, "host": "", "port": 5432, **_arguments(url)})


def libpq(url: sa.URL) -> tuple[str, dict[str, str]]:
    """What PostgreSQL's own programs connect with: a connection string without a password, and the environment that has it.

    Everything else of the URL goes along: several hosts, sslmode, options. Raises SecretParameter.
    """
    arguments = _arguments(url)
    if "sslpassword" in arguments:
        raise SecretParameter("sslpassword")
    password = arguments.pop("password", None)
    environment = {} if password is None else {"PGPASSWORD": str(password)}
    return make_conninfo(**{"connect_timeout": "5", **arguments}), environment


def _arguments(url: sa.URL) -> dict[str, Any]:
    """The URL as libpq's parameters, as the driver itself reads it."""
    return dict(url.get_dialect()().create_connect_args(url)[1])


def check_path_length(path: Path) -> None:
    """Raises PathTooLong for a path that SQLite cannot open."""
    if len(os.fsencode(path.absolute())) > SQLITE_PATH_BYTES:
        raise PathTooLong(path)
