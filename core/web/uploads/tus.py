"""The headers of tus 1.0.0 (the resumable upload protocol of tus.io): creation, termination, expiration, checksum."""

import base64
import binascii
from collections.abc import Mapping
from email.utils import formatdate

from starlette.requests import Request

from core.desk.entries.entry_refusals import UnknownLink
from core.desk.uploads import upload_refusals as refusals
from core.desk.uploads.upload_pieces import CHECKSUMS, Checksum
from core.desk.uploads.uploads import Upload
from core.rules.words import Refusal
from core.web.http import request_json
from core.web.http.request_json import BadRequest

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration,checksum"
ALWAYS = {"tus-resumable": VERSION, "cache-control": "no-store"}
PIECE_TYPE = "application/offset+octet-stream"
METADATA_CHARACTERS = 4_000


class WrongVersion(Refusal):
    """The request is not of tus 1.0.0."""

    def __init__(self) -> None:
        super().__init__("Trình duyệt dùng cách gửi tệp khác; hãy tải lại trang.")


class NotAPiece(Refusal):
    """The request's content type is not that of a piece."""

    def __init__(self) -> None:
        super().__init__("Yêu cầu không chứa một phần của tệp; hãy tải lại trang.")


class BrokenOff(Refusal):
    """Nothing more came of the piece, or its client is gone. What came is kept, unless it had a checksum."""

    def __init__(self) -> None:
        super().__init__("Đường truyền đứt giữa chừng; phần đã nhận vẫn còn.")


STATUSES: Mapping[type[Refusal], int] = {
    BadRequest: 400,
    refusals.FirstPieceTooShort: 400,
    refusals.NoSuchUpload: 404,
    BrokenOff: 408,
    refusals.WrongOffset: 409,
    refusals.UploadGone: 410,
    WrongVersion: 412,
    refusals.UploadTooLarge: 413,
    refusals.PieceTooLarge: 413,
    refusals.MoreThanDeclared: 413,
    refusals.NotAnMp4Name: 415,
    refusals.NotAnMp4: 415,
    NotAPiece: 415,
    refusals.UploadElsewhere: 423,
    refusals.TooManyUploads: 429,
    refusals.NetworkBusy: 429,
    refusals.WrongChecksum: 460,  # tus: "Checksum Mismatch"
    refusals.NoRoom: 507,
    refusals.DiskFull: 507,
    UnknownLink: 404,
}
REFUSED = 403  # any other refusal: the holder may not upload now; our page shows the sentence and does not try again


def require_version(request: Request) -> None:
    """Raise WrongVersion unless the request is of tus 1.0.0."""
    if request.headers.get("tus-resumable") != VERSION:
        raise WrongVersion


def number(request: Request, name: str) -> int:
    """A header that is a whole number. Raises BadRequest."""
    text = request.headers.get(name, "")
    if not text:
        raise BadRequest
    return request_json.digits(text)


def file_name(request: Request) -> str:
    """The key `filename` of Upload-Metadata ("key base64,key base64"); "" without one. Raises BadRequest."""
    text = request.headers.get("upload-metadata", "")
    if len(text) > METADATA_CHARACTERS:
        raise BadRequest
    pairs = (pair.strip().partition(" ") for pair in text.split(",") if pair.strip())
    values = {key: value for key, _, value in pairs}
    return _decoded(values.get("filename", "")).decode("utf-8", "replace")


def checksum(request: Request) -> Checksum | None:
    """What Upload-Checksum says the body hashes to. Raises BadRequest."""
    text = request.headers.get("upload-checksum")
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    if algorithm not in CHECKSUMS:
        raise BadRequest
    return Checksum(algorithm, _decoded(value))


def progress(upload: Upload) -> dict[str, str]:
    """The headers that say how far an upload is."""
    return {
        "upload-offset": str(upload.kept_bytes),
        "upload-length": str(upload.declared_bytes),
        "upload-expires": formatdate(upload.expires_at / 1000, usegmt=True),
    }


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest from None
