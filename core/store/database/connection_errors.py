"""Explains in one sentence why a database cannot be opened: what to correct, or what to wait for.

libpq gives no SQLSTATE for a failed connection, so its message text is matched. An unknown message, for example in
another language, is quoted or raised unchanged. No sentence contains a password.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from core.rules.words import Refusal, Sentence, Unavailable
from core.store.database.connections import DatabaseUnavailable
from core.store.database.database_url import printable


class CannotConnect(Refusal):
    """The database cannot be opened until somebody corrects something; waiting does not help."""


class NotReachable(DatabaseUnavailable):
    """The database does not answer at that address yet; a later try may succeed."""

    def __init__(self, text: str, /, **facts: object) -> None:
        Unavailable.__init__(self, text, **facts)


_FOR_GOOD = (  # pattern in libpq's message -> what to correct; the first match counts
    (
        r"password authentication failed",
        Sentence(
            "PostgreSQL ở {place} không nhận vai trò {role} với mật khẩu ghi trong DATABASE_URL. "
            "Ký tự đặc biệt trong mật khẩu phải được mã hóa phần trăm, ví dụ @ thành %40."
        ),
    ),
    (
        r"no password supplied|password.*is empty|empty password",
        Sentence("PostgreSQL ở {place} đòi mật khẩu của vai trò {role}, mà DATABASE_URL không ghi mật khẩu nào."),
    ),
    (
        r"(?:Peer|Ident|GSSAPI|PAM|LDAP|RADIUS|certificate) authentication failed",
        Sentence(
            "PostgreSQL ở {place} chỉ nhận vai trò {role} từ người dùng hệ điều hành được khai báo cho vai trò đó ({detail}). "
            "Hãy chạy bằng người dùng ấy, hoặc nối qua TCP với mật khẩu (…@localhost/…)."
        ),
    ),
    (
        r"role \"?.*\"? does not exist|is not permitted to log in",
        Sentence("PostgreSQL ở {place} không có vai trò {role}, hoặc vai trò này không được đăng nhập ({detail})."),
    ),
    (
        r"database \"?.*\"? does not exist|not currently accepting connections",
        Sentence(
            "PostgreSQL không có cơ sở dữ liệu {place}; hãy tạo bằng CREATE DATABASE, hoặc sửa tên trong DATABASE_URL."
        ),
    ),
    (
        r"permission denied for database",
        Sentence("Vai trò {role} không được nối vào cơ sở dữ liệu {place} ({detail})."),
    ),
    (
        r"no pg_hba\.conf entry|pg_hba\.conf rejects",
        Sentence(
            "PostgreSQL ở {place} không cho vai trò {role} nối từ máy này theo cách này ({detail}). "
            "Hãy thêm một dòng vào pg_hba.conf, hoặc đổi sslmode trong DATABASE_URL."
        ),
    ),
    (r"does not support SSL", Sentence("PostgreSQL ở {place} không dùng SSL, mà DATABASE_URL đòi phải có (sslmode).")),
    (
        r"certificate|SSL error|sslmode value .* invalid when",
        Sentence(
            "Không kiểm tra được chứng chỉ SSL của PostgreSQL ở {place} ({detail}). Hãy xem sslmode và sslrootcert."
        ),
    ),
    (
        r"invalid (?:connection option|\S+ value|integer value|URI)|bad value for|parameter \".*\"|unrecognized",
        Sentence("DATABASE_URL có tham số mà PostgreSQL không nhận ({detail})."),
    ),
)
_MAY_COME = (
    (
        r"failed to resolve host|could not translate host name",
        Sentence("Không tìm thấy máy chủ PostgreSQL {place}: tên máy không có, hoặc mạng đang hỏng."),
    ),
    (
        r"Connection refused|No such file or directory|timeout|timed out|No route to host|unreachable",
        Sentence(
            "Không có máy chủ PostgreSQL nào trả lời ở {place}. Hãy xem máy chủ đã chạy chưa, địa chỉ và cổng có đúng không."
        ),
    ),
    (
        r"invalid response|server closed the connection|expected authentication request|Connection reset",
        Sentence(
            "Chương trình trả lời ở {place} không phải PostgreSQL, hoặc vừa dừng. Hãy xem lại cổng trong DATABASE_URL."
        ),
    ),
    (
        r"failed: (?:[^\s:]+: |session is|server is)",  # "FATAL: " in the server's language
        Sentence("PostgreSQL ở {place} có trả lời nhưng không cho vai trò {role} nối."),
    ),
)
_NO_WRITING = Sentence(
    "Không mở được tệp {place} hoặc không ghi được vào thư mục của tệp ({detail}). Hãy xem chủ sở hữu, quyền và chỗ trống."
)
_DISK = Sentence("Ổ đĩa có {place} đã đầy hoặc đang hỏng ({detail}).")
_SQLITE = {
    sqlite3.SQLITE_NOTADB: Sentence("Tệp {place} không phải là cơ sở dữ liệu SQLite."),
    sqlite3.SQLITE_CORRUPT: Sentence("Tệp cơ sở dữ liệu {place} bị hỏng ({detail}); hãy khôi phục từ bản sao lưu."),
    sqlite3.SQLITE_CANTOPEN: _NO_WRITING,
    sqlite3.SQLITE_READONLY: _NO_WRITING,
    sqlite3.SQLITE_PERM: _NO_WRITING,
    sqlite3.SQLITE_FULL: _DISK,
    sqlite3.SQLITE_IOERR: _DISK,
}


@contextmanager
def explained_errors(url: sa.URL) -> Iterator[None]:
    """Wrap the opening of a database: replaces a driver error with a sentence for the person who starts the program.

    Raises CannotConnect or NotReachable; an unknown error is raised unchanged.
    """
    try:
        yield
    except (sa.exc.DBAPIError, DatabaseUnavailable) as error:
        known = _explained(error.__cause__ if isinstance(error, DatabaseUnavailable) else error, url)
        if known is None:
            raise
        raise known from error


def _explained(error: BaseException | None, url: sa.URL) -> Refusal | None:
    original = getattr(error, "orig", None) or error
    detail = _one_line(original)
    facts = {"place": printable(url), "role": url.username or "", "detail": detail}
    code = getattr(original, "sqlite_errorcode", None)
    if code is not None:
        sentence = _SQLITE.get(code & 0xFF)
        return CannotConnect(sentence.text, **facts) if sentence else None
    for known, make in ((_FOR_GOOD, CannotConnect), (_MAY_COME, NotReachable)):
        for pattern, sentence in known:
            if re.search(pattern, detail):
                return make(sentence.text, **facts)
    return None


def _one_line(error: object) -> str:
    """The error message in one line, without psycopg's prefix and libpq's hints."""
    first = re.sub(r"\s*\n\s*(?:Is the server running|HINT:).*", "", str(error))
    return " ".join(re.sub(r"^connection (?:failed|is bad): ", "", first).split())
