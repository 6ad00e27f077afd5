"""Text files people hand to the desk: contests and tables."""

from pathlib import Path

from core.rules.words import Refusal


class NoSuchFile(Refusal):
    """There is no file of this name."""

    def __init__(self, path: Path) -> None:
        super().__init__("Không tìm thấy tệp {file}.", file=path)


class NotUtf8(Refusal):
    """A file in another encoding than UTF-8."""

    def __init__(self, path: Path) -> None:
        super().__init__("Tệp {file} không phải là văn bản UTF-8; hãy lưu lại với bảng mã UTF-8.", file=path)


def text_of(path: Path) -> str:
    """A UTF-8 file, with or without a byte-order mark. Raises NoSuchFile, NotUtf8 or OSError."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as missing:
        raise NoSuchFile(path) from missing
    except UnicodeDecodeError as other:
        raise NotUtf8(path) from other
