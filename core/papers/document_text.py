"""The text of an award document: canonical JSON (RFC 8785), written and read according to its version.

To add a field: give it a default in `core.papers.document`, raise VERSION there, describe the new version in a module
beside `document_v1`, and add it to READERS and WRITERS. The earlier versions stay as they are
(`tests/papers/test_document_versions.py` does all of this).
"""

import hashlib
from collections.abc import Callable
from typing import Any, cast

import msgspec
import rfc8785

from core.papers import document_v1
from core.papers.document import AwardDocument
from core.rules.words import Refusal

READERS: dict[int, Callable[[str], AwardDocument]] = {1: document_v1.read}
WRITERS: dict[int, Callable[[AwardDocument], object]] = {1: document_v1.fields}  # the JSON value of each version


class NewerVersion(Refusal):
    """The document was written by a later release."""

    def __init__(self, version: int) -> None:
        super().__init__(
            "Bảng trao giải đã xác nhận được lưu theo phiên bản {version}, mới hơn phiên bản {known} mà phần mềm này "
            "đọc được; hãy nâng cấp phần mềm.",
            version=version,
            known=max(READERS),
        )


class _Versioned(msgspec.Struct):
    """The field that every version has."""

    version: int


def canonical(document: AwardDocument) -> str:
    """The document's text in its own version. The same document always gives the same text."""
    return rfc8785.dumps(cast("dict[str, Any]", WRITERS[document.version](document))).decode()


def read(text: str) -> AwardDocument:
    """Parse a text that `canonical` wrote in this release or an earlier one.

    Raises NewerVersion, or ValueError where the text does not have the fields of its version.
    """
    try:
        version = msgspec.json.decode(text, type=_Versioned).version
        if version in READERS:
            return READERS[version](text)
    except msgspec.MsgspecError as wrong:
        raise ValueError(f"award document: {wrong}") from wrong
    if version > max(READERS):
        raise NewerVersion(version)
    raise ValueError(f"award document: there is no version {version}")


def fingerprint(text: str) -> str:
    """SHA-256 of the canonical text, as "sha256:…"."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
