"""Text files people hand to the desk: contests and tables."""

import codecs
from pathlib import Path

from core.rules.words import Refusal


class NoSuchFile(Refusal):
    """There is no file of this name."""

    def __init__(self, path: Path) -> None:
        super().__init__("Không tìm thấy tệp {file}.", file=path)


class NotUtf8(Refusal):
    """A file in another encoding than UTF-8 or UTF-16, such as Windows-1258, TCVN3 or VNI, or no text at all."""

    def __init__(self, path: Path) -> None:
        super().__init__("Tệp {file} không phải là văn bản UTF-8 hay UTF-16; hãy lưu lại với bảng mã UTF-8.", file=path)


def text_of(path: Path) -> str:
    """The text of a file in UTF-8 or UTF-16, with or without a byte-order mark. Raises NoSuchFile, NotUtf8 or OSError."""
    try:
        data = path.read_bytes()
        return data.decode(_encoding(data))
    except FileNotFoundError as missing:
        raise NoSuchFile(path) from missing
    except UnicodeDecodeError as other:
        raise NotUtf8(path) from other


def _encoding(data: bytes) -> str:
    """What the first bytes say. Without a mark, UTF-16 shows by the empty upper half of its first letters, which are ASCII."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    upper_halves = {"utf-16-le": data[1:8:2], "utf-16-be": data[0:8:2]}
    return next((name for name, bytes_ in upper_halves.items() if bytes_ == bytes(4)), "utf-8-sig")
