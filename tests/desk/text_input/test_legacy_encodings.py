"""TCVN3 and Windows-1258 are told apart by Vietnamese words; anything else is no text of ours."""

import shutil
import subprocess
import unicodedata

import pytest

from core.desk.text_input.legacy_encodings import LegacyEncoding, decode_legacy
from core.desk.text_input.lost_letters import TCVN3_LETTERS, restored
from core.desk.text_input.text_files import NotUtf8, decoded

SAMPLE = """Mã;Tên tác phẩm;Tác giả
T-1;Cộng hoà xã hội chủ nghĩa Việt Nam, số hoá bản làng;Lò Thị Thuỷ
T-2;Chợ phiên trên sóng 4G ở Mường La, Quỳnh Nhai;Giàng A Páo, Đèo Thị Hương
T-3;Điện về bản, chuyển đổi số đến từng hộ;Quàng Văn Ướt, Nguyễn Hữu Ỷ
"""
CODES = {letter: 0x80 + at for at, letter in enumerate(TCVN3_LETTERS)}
TONES = "\u0300\u0309\u0303\u0301\u0323"


def tcvn3(text: str) -> bytes:
    """The text as a .VnTime font stores it: capitals with tones have the codes of the small letters."""
    codes = (ord(c) if c.isascii() else CODES.get(c if c in "ĂÂÊÔƠƯĐ" else c.lower(), 0) for c in text)
    return bytes(codes)


def windows_1258(text: str) -> bytes:
    """The text with each tone as a sign of its own after its letter."""
    out = b""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts if part in TONES)
        base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        out += (base + tones).encode("cp1258")
    return out


def test_a_table_in_windows_1258_is_read() -> None:
    assert decode_legacy(windows_1258(SAMPLE)) == (SAMPLE, LegacyEncoding.WINDOWS_1258)


def test_a_table_in_tcvn3_is_read_but_for_capitals_with_tones() -> None:
    found = decode_legacy(tcvn3(SAMPLE))
    assert found is not None and found[1] is LegacyEncoding.TCVN3
    assert found[0] == SAMPLE.replace("Ỷ", "ỷ")


@pytest.mark.parametrize("text", ["Mã,Tên\nT1,Sóng\n", "Tác giả\nLò Thị Thuỷ\n", "đơn vị\ncông đoàn xã\n"])
def test_a_short_table_is_told_apart_too(text: str) -> None:
    assert decode_legacy(windows_1258(text)) == (text, LegacyEncoding.WINDOWS_1258)
    assert decode_legacy(tcvn3(text)) == (text, LegacyEncoding.TCVN3)


@pytest.mark.parametrize(
    "data",
    [
        "Café crème à la façon du chef, déjà vu, naïveté, garçon, où est la bibliothèque".encode("latin-1"),
        "Größe, Straße, München, über, für, schön".encode("latin-1"),
        "Chuyeån ñoåi soá, Traàn Vaên An".encode("latin-1"),
        b"GIF89a\x01\x80\xff\x93\xe1" * 9,
        b"\xff\xd8\xff\xe0JFIF",
        bytes(range(128, 256)),
    ],
)
def test_what_is_not_vietnamese_is_refused(data: bytes) -> None:
    assert decode_legacy(data) is None
    with pytest.raises(NotUtf8, match=r"Tệp a\.csv không phải là văn bản UTF-8 hay UTF-16"):
        decoded(data, "a.csv")


def test_unicode_is_never_taken_for_another_encoding() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le"):
        found = decoded(SAMPLE.encode(encoding), "a.csv")
        assert (found.text.lstrip("\ufeff"), found.legacy) == (SAMPLE, None)
    assert decoded(unicodedata.normalize("NFD", SAMPLE).encode(), "a.csv").legacy is None


def test_the_table_of_letters_is_that_of_the_c_library() -> None:
    """The golden letters come from glibc's TCVN5712-1; where iconv is installed it is asked again."""
    assert len(TCVN3_LETTERS) == 128
    assert TCVN3_LETTERS[0x35:0x3A] == "àảãáạ" and TCVN3_LETTERS[0x21:0x28] == "ĂÂÊÔƠƯĐ"
    assert TCVN3_LETTERS.endswith("ừửữứựỳỷỹýỵỐ") and len(set(TCVN3_LETTERS)) == 128
    if shutil.which("iconv"):
        command = ["iconv", "-f", "TCVN5712-1", "-t", "utf-8"]
        letters = [
            subprocess.run(command, input=bytes([n]), capture_output=True, check=True) for n in range(128, 256, 7)
        ]
        assert [unicodedata.normalize("NFC", each.stdout.decode()) for each in letters] == list(TCVN3_LETTERS[::7])


@pytest.mark.parametrize(
    "text, meant",
    [("Lß ThÞ Thuû", "Lò Thị Thuỷ"), ("§iÖn tho¹i 24h", "Điện thoại 24h"), ("Traàn Vaên An", "Trần Văn An"),
     ("Café", None), ("Nguyễn Văn An", None), ("Chuy?n d?i", None), ("", None)],
)  # fmt: skip
def test_a_text_for_an_old_font_is_restored(text: str, meant: str | None) -> None:
    assert restored(text) == meant
