"""Checks an XLSX file before any of its XML is read: its size once unpacked, its parts and their names.

An XLSX file is a ZIP archive. The check reads the archive's directory only; `zipfile` never unpacks more of a part than
the size that the directory states for it.
"""

import io
import stat
import zipfile
from collections.abc import Sequence

from core.desk.table_files.table import NotATable
from core.rules.words import Sentence

MAX_FILE = 5 << 20  # bytes
MAX_UNPACKED = 64 << 20  # bytes of all parts together
MAX_PART_RATIO = 200  # of a part's size to its packed size, for parts above FREE_PART
FREE_PART = 1 << 20  # bytes
MAX_PARTS = 200

_ENTRY = b"PK\x01\x02"  # begins each entry of the directory
_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a compound file: .xls, or any Office file with a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NOT_A_WORKBOOK = Sentence("{file} không phải là bảng tính .xlsx; hãy lưu lại dạng .xlsx hoặc .csv.")
DAMAGED = Sentence("{file} bị hỏng, không mở được như một bảng tính .xlsx.")


def is_workbook(data: bytes) -> bool:
    """True if the file claims to be a workbook of any format: a ZIP archive or a compound file."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLD_FORMAT))


def check_archive(data: bytes, name: str) -> None:
    """Raises NotATable if the file is no XLSX workbook, or one that must not be unpacked."""
    if len(data) > MAX_FILE:
        raise NotATable("{file} lớn hơn {most} MB.", file=name, most=MAX_FILE >> 20)
    if data.startswith(_OLD_FORMAT):
        if _ENCRYPTED in data:
            raise NotATable("{file} được đặt mật khẩu; hãy bỏ mật khẩu rồi lưu lại.", file=name)
        raise NotATable("{file} ở dạng Excel cũ (.xls); hãy lưu lại dạng .xlsx.", file=name)
    if data.count(_ENTRY) > MAX_PARTS:  # before zipfile reads the directory, which takes a second for 100,000 parts
        raise NotATable("{file} có quá nhiều phần bên trong.", file=name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (
        zipfile.BadZipFile,
        ValueError,
        OverflowError,
        NotImplementedError,
    ) as damaged:  # what zipfile raises for one
        raise NotATable(DAMAGED.text, file=name) from damaged
    _check_parts(parts, name)


def _check_parts(parts: Sequence[zipfile.ZipInfo], name: str) -> None:
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise NotATable("{file} bung ra lớn hơn {most} MB.", file=name, most=MAX_UNPACKED >> 20)
    if any(part.file_size > max(FREE_PART, MAX_PART_RATIO * part.compress_size) for part in parts):
        raise NotATable("{file} có phần nén bất thường.", file=name)
    if not all(_is_plain(part) for part in parts):
        raise NotATable("{file} có phần với tên hoặc kiểu không hợp lệ.", file=name)
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or not any(each.startswith("xl/worksheets/") for each in names):
        raise NotATable(NOT_A_WORKBOOK.text, file=name)
    if len(set(names)) < len(names):
        raise NotATable(DAMAGED.text, file=name)
    if any(each.endswith("vbaProject.bin") for each in names):
        raise NotATable("{file} có macro; hãy lưu lại dạng .xlsx.", file=name)


def _is_plain(part: zipfile.ZipInfo) -> bool:
    """True for an ordinary file below the archive's root, not encrypted, stored or deflated."""
    names = part.filename.replace("\\", "/").split("/")
    mode = part.external_attr >> 16
    return (
        names[0] not in {"", ".", ".."}
        and ".." not in names
        and ":" not in part.filename
        and not stat.S_ISLNK(mode)
        and not part.flag_bits & 1
        and part.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    )
