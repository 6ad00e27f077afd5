"""A file that must not be unpacked is refused before any of its XML is read, in milliseconds."""

import io
import time
import zipfile
from collections.abc import Callable

import pytest

from core.desk.table_files.table import NotATable
from core.desk.table_files.workbook_safety import MAX_FILE, MAX_PARTS, MAX_UNPACKED, check_archive, is_workbook
from tests.desk.table_files.workbooks import HEADER, PARTS, of_rows, raw

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Change = Callable[[zipfile.ZipFile], None]


def changed(change: Change) -> bytes:
    """A small valid workbook, changed."""
    file = io.BytesIO(raw(HEADER))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        change(archive)
    return file.getvalue()


def with_part(name: str, data: bytes = b"x", **fields: int) -> bytes:
    info = zipfile.ZipInfo(name)
    info.compress_type = fields.pop("compress_type", zipfile.ZIP_DEFLATED)
    for field, value in fields.items():
        setattr(info, field, value)
    return changed(lambda archive: archive.writestr(info, data))


def without(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part, text in {**PARTS, "xl/worksheets/sheet1.xml": "<x/>"}.items():
            if part != name:
                archive.writestr(part, text)
    return file.getvalue()


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """600 kB that unpack to 360 MB."""
    row = f'<row><c t="inlineStr"><is><t>{"a" * 3000}</t></is></c></row>' * 1000
    return raw(row for _ in range(120))


def fastest_ms(data: bytes, match: str) -> float:
    times = []
    for _ in range(5):
        start = time.process_time()
        with pytest.raises(NotATable, match=match):
            check_archive(data, "a.xlsx")
        times.append((time.process_time() - start) * 1000)
    return min(times)


def test_a_bomb_is_refused_in_under_five_milliseconds(bomb: bytes) -> None:
    assert len(bomb) < MAX_FILE
    assert fastest_ms(bomb, rf"a\.xlsx bung ra lớn hơn {MAX_UNPACKED >> 20} MB") < 5


def test_so_is_one_with_a_hundred_thousand_parts() -> None:
    """`zipfile` would take a second to read the directory."""
    data = raw(HEADER)
    assert fastest_ms(data[:-22] + (b"PK\x01\x02" + bytes(42)) * 100_000 + data[-22:], "quá nhiều phần") < 5


@pytest.mark.parametrize(
    "data, match",
    [
        (OLE + bytes(2000), r"a\.xlsx ở dạng Excel cũ \(\.xls\); hãy lưu lại dạng \.xlsx\."),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), r"a\.xlsx được đặt mật khẩu"),
        (b"PK\x03\x04 not a zip", r"a\.xlsx bị hỏng"),
        (raw(HEADER)[:-30], r"a\.xlsx bị hỏng"),
        (b"PK\x03\x04" + bytes(MAX_FILE), "lớn hơn 5 MB"),
        (without("[Content_Types].xml"), r"không phải là bảng tính \.xlsx"),
        (without("xl/worksheets/sheet1.xml"), r"không phải là bảng tính \.xlsx"),
        (raw(HEADER, parts={"xl/vbaProject.bin": b"x"}), r"có macro; hãy lưu lại dạng \.xlsx"),
        (raw(HEADER, parts={"xl/media/a.xml": bytes(2 << 20)}), "nén bất thường"),
        (raw(HEADER, parts={f"xl/{n}.xml": b"" for n in range(MAX_PARTS)}), "quá nhiều phần"),
        (with_part("../../etc/x"), "không hợp lệ"),
        (with_part("/etc/x"), "không hợp lệ"),
        (with_part("xl\\..\\..\\x"), "không hợp lệ"),
        (with_part("C:/x"), "không hợp lệ"),
        (with_part("xl/link", b"/etc/passwd", external_attr=0o120777 << 16), "không hợp lệ"),
        (with_part("xl/bz", compress_type=zipfile.ZIP_BZIP2), "không hợp lệ"),
    ],
)  # fmt: skip
def test_what_is_no_safe_workbook_is_refused_with_one_sentence(data: bytes, match: str) -> None:
    assert is_workbook(data)
    with pytest.raises(NotATable, match=match):
        check_archive(data, "a.xlsx")


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = changed(lambda archive: archive.writestr("xl/workbook.xml", "<x/>"))
    with pytest.raises(NotATable, match="bị hỏng"):
        check_archive(data, "a.xlsx")


def test_an_encrypted_part_is_refused() -> None:
    data = bytearray(raw(HEADER))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    with pytest.raises(NotATable, match="không hợp lệ"):
        check_archive(bytes(data), "a.xlsx")


def test_an_ordinary_workbook_passes() -> None:
    check_archive(of_rows(["Tên tác phẩm"]), "a.xlsx")
    check_archive(raw(HEADER), "a.xlsx")


@pytest.mark.parametrize("data", [b"", b"code,title\n", b"\xff\xfec\x00", b"GIF89a"])
def test_other_files_do_not_claim_to_be_workbooks(data: bytes) -> None:
    assert not is_workbook(data)
