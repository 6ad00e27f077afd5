"""Reads text files from users: contest files and tables."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from core.desk.text_input.legacy_encodings import LegacyEncoding, decode_legacy
from core.rules.words import Refusal


class NoSuchFile(Refusal):
    """There is no file at this path."""

    def __init__(self, path: Path) -> None:
        super().__init__("Không tìm thấy tệp {file}.", file=path)


class NotUtf8(Refusal):
    """The file is not UTF-8 or UTF-16 text. It may be in Windows-1258, TCVN3 or VNI, or not text at all."""

    def __init__(self, path: Path | str) -> None:
        super().__init__("Tệp {file} không phải là văn bản UTF-8 hay UTF-16; hãy lưu lại với bảng mã UTF-8.", file=path)


def text_of(path: Path) -> str:
    """The text of a file in UTF-8 or UTF-16, with or without a byte-order mark. Raises NoSuchFile, NotUtf8 or OSError."""
    data = bytes_of(path)
    try:
        return data.decode(_encoding(data))
    except UnicodeDecodeError as other:
        raise NotUtf8(path) from other


def bytes_of(path: Path) -> bytes:
    """The contents of a file. Raises NoSuchFile or OSError."""
    try:
        return path.read_bytes()
    except FileNotFoundError as missing:
        raise NoSuchFile(path) from missing


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, and the encoding from before Unicode that it was in; None for UTF-8 and UTF-16."""

    text: str
    legacy: LegacyEncoding | None = None


def decoded(data: bytes, name: str) -> DecodedText:
    """The text of a user's table. Unlike `text_of` it also reads TCVN3 and Windows-1258, where the words are Vietnamese.

    Such a reading is a guess: the caller tells the user so. Raises NotUtf8 for every other encoding, and for no text.
    """
    try:
        return DecodedText(data.decode(_encoding(data)))
    except UnicodeDecodeError as other:
        found = decode_legacy(data)
        if found is None:
            raise NotUtf8(name) from other
        return DecodedText(*found)


def _encoding(data: bytes) -> str:
    """The encoding, guessed from the first bytes.

    UTF-16 without a byte-order mark is recognised by the zero upper bytes of its first four characters (ASCII), or by
    many zeros in one half of its bytes and none in the other.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    upper_halves = {"utf-16-le": data[1:400:2], "utf-16-be": data[0:400:2]}
    lower_halves = {"utf-16-le": data[0:400:2], "utf-16-be": data[1:400:2]}
    for name, upper in upper_halves.items():
        if upper[:4] == bytes(4) or (upper.count(0) > 0.4 * len(upper) and 0 not in lower_halves[name]):
            return name
    return "utf-8-sig"
