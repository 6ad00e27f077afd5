"""Database URLs: an SQLite file or a PostgreSQL database; and how to print one without its password."""

import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from core.rules.words import Refusal

SQLITE_PATH_BYTES = 460  # SQLite's limit is 512; -journal and an unfinished copy have longer paths


class UnknownDatabase(Refusal):
    """DATABASE_URL names neither an SQLite file nor a PostgreSQL database."""

    def __init__(self) -> None:
        super().__init__("DATABASE_URL phải là sqlite:///tệp hoặc postgresql+psycopg://…")


class NoDatabase(Refusal):
    """There is no database at this place, and this command does not create one."""

    def __init__(self, place: str) -> None:
        super().__init__(
            "Không có cơ sở dữ liệu nào của bàn chấm ở {place}. Hãy đặt DATA_DIR (hoặc DATABASE_URL) là nơi có dữ liệu; "
            "nếu chưa mở cuộc thi thì chạy: python -m core init --contest TỆP.toml",
            place=place,
        )


class PathTooLong(Refusal):
    """The path is too long for SQLite."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "Đường dẫn {path} quá dài đối với SQLite (nhiều nhất {most} byte).", path=path, most=SQLITE_PATH_BYTES
        )


class SecretParameter(Refusal):
    """The URL has a secret that pg_dump and pg_restore accept only on the command line, where others could read it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "DATABASE_URL có {name}, thứ không giao được cho pg_dump và pg_restore mà không lộ trên dòng lệnh; "
            "hãy dùng khóa không có mật khẩu.",
            name=name,
        )


def parsed(url: str) -> sa.URL:
    """Parse an SQLite or PostgreSQL URL. Raises UnknownDatabase."""
    try:
        found = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:  # ValueError: the port is not a number
        raise UnknownDatabase from error
    file = found.drivername == "sqlite" and found.database not in (None, "", ":memory:")
    if not file and found.drivername != "postgresql+psycopg":
        raise UnknownDatabase
    return found


def printable(url: sa.URL) -> str:
    """The database's place for messages, without password: the SQLite file, or PostgreSQL's database, host and port."""
    if url.get_backend_name() == "sqlite":
        return str(Path(str(url.database)).absolute())
    return "{dbname} ({host}:{port})".format_map({"dbname": url.username, "host": "", "port": 5432, **_arguments(url)})


def libpq(url: sa.URL) -> tuple[str, dict[str, str]]:
    """How pg_dump and pg_restore connect: (connection string without password, environment with PGPASSWORD).

    The string keeps everything else of the URL: several hosts, sslmode, options. Raises SecretParameter.
    """
    arguments = _arguments(url)
    if "sslpassword" in arguments:
        raise SecretParameter("sslpassword")
    password = arguments.pop("password", None)
    environment = {} if password is None else {"PGPASSWORD": str(password)}
    return make_conninfo(**{"connect_timeout": "5", **arguments}), environment


def _arguments(url: sa.URL) -> dict[str, Any]:
    """The URL as libpq parameters, the same as the driver gets."""
    return dict(url.get_dialect()().create_connect_args(url)[1])


def check_path_length(path: Path) -> None:
    """Raise PathTooLong if SQLite could not open the path."""
    if len(os.fsencode(path.absolute())) > SQLITE_PATH_BYTES:
        raise PathTooLong(path)
