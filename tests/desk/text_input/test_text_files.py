"""UTF-8 and UTF-16 text is read; anything else is refused with one sentence."""

from pathlib import Path

import pytest

from core.desk.text_input.text_files import NotUtf8, text_of

TEXT = "code\ttitle\r\nT-1\tChuyển đổi số\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_what_programs_save_as_unicode_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert text_of(path).lstrip("\ufeff") == TEXT
    path.write_bytes(b"\xfe\xff" + TEXT.encode("utf-16-be"))
    assert text_of(path) == TEXT


@pytest.mark.parametrize("text", ["", "a", "a;b", "Đ"])
def test_short_files_are_utf_8(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    assert text_of(path) == text


@pytest.mark.parametrize(
    "data",
    [
        "Chuyển đổi".encode("cp1258", "replace").replace(b"?", b"\xd0"),
        "ChuyÓn ®æi sè".encode("latin-1"),
        "Chuyeån ñoåi soá".encode("latin-1"),
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xdf\xa4\xd2l",
        b"\xff\xfea\x00b",
        b"a\x00b\x00c\x00d\x00\x00\xd8",
    ],
)
def test_another_encoding_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    with pytest.raises(
        NotUtf8, match=r"t\.csv không phải là văn bản UTF-8 hay UTF-16; hãy lưu lại với bảng mã UTF-8\."
    ):
        text_of(path)
