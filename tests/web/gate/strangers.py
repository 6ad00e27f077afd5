"""Requests of strangers as bytes, each from a network of its own choice, and how they are sent: one connection for each."""

import asyncio
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from core.rules.entries.form import Author, SubmissionForm
from core.web.http.request_json import BODY_LIMIT
from tests.desk.entries.entered import FORM, secret

AT_ONCE = 200
ANSWER_S = 60.0
HOSTILE = (
    "\x00", "\u202egnp.exe", "\ufeff", "'; drop table submission; --", "<script>alert(1)</script>", "../../etc/passwd",
    "=1+1", "{0} %s%n", "9" * 4000, "ộ" * 3000, "\u200b" * 4000, "\n" * 4000, "a" * 4000, "\ud800", "٣",
)  # fmt: skip
RAW = (
    b"", b"{", b"[" * 30_000, b'{"a":' * 5_000, b"null", b'"x"', b"\xff\xfe", b"1e999", b'{"secret": NaN}', b"x" * 70_000,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: its kind, the stranger's address, and its bytes without the address. `name`: whose link it is about."""

    kind: str
    address: str
    head: bytes
    body: bytes = b""
    name: str = ""
    origin: str = ""  # of another site


@dataclass(frozen=True, slots=True)
class Answer:
    """The status (0: none came) and the body of a response."""

    ask: Ask
    status: int
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def refusal(self) -> str:
        """The sentence with which the request is refused, from JSON or plain text."""
        try:
            return str(self.document["refused"])
        except ValueError:
            return self.body.decode()


def opens_form(address: str) -> Ask:
    return Ask("form", address, b"GET /entry HTTP/1.1")


def guesses_link(address: str, number: int) -> Ask:
    return Ask("guess", address, b"GET /api/entry/mine HTTP/1.1\r\nX-Entry-Link: " + secret(f"guess {number}").encode())


def enters(kind: str, address: str, name: str, form: SubmissionForm | None = None) -> Ask:
    """A submission by a person of this name, who has no other."""
    phone, birth = f"09{zlib.crc32(name.encode()) % 10**8:08}", f"1990-03-{zlib.crc32(name.encode()) % 28 + 1:02}"
    good = replace(FORM, title=f"Phim {name}", authors=(Author(f"Lò Thị {name}", birth, phone),))
    body = {"secret": secret(name), "unit_code": "", "form": {**asdict(form or good), "terms": list(good.terms)}}
    return _posts(kind, address, json.dumps(body).encode(), name)


def hostile(address: str, number: int) -> Ask:
    """A submission that no page of ours would send, or with texts that nobody writes."""
    if number % 3 == 0:
        return _posts("hostile", address, RAW[number // 3 % len(RAW)])
    text, name = HOSTILE[number % len(HOSTILE)], f"hostile {number}"
    one = Author(text, text, text)
    spread = replace(
        FORM, title=text, summary=text, unit=text, email=text, authors=(one,) * (1 if len(text) > 99 else 20)
    )
    return enters("hostile", address, name, spread)


def begins_upload(kind: str, address: str, name: str) -> Ask:
    """The start of a film's upload with this person's private link."""
    lines = (
        "POST /uploads HTTP/1.1", "Tus-Resumable: 1.0.0", "Upload-Length: 1000000", "Upload-Metadata: filename cGhpbS5tcDQ=",
        f"X-Entry-Link: {secret(name)}",
    )  # fmt: skip
    return Ask(kind, address, "\r\n".join(lines).encode(), name=name)


def from_another_site(address: str, name: str) -> Ask:
    """A good submission that a page of another site sends."""
    return replace(enters("foreign", address, name), origin="http://elsewhere.example")


def _posts(kind: str, address: str, body: bytes, name: str = "") -> Ask:
    kind = "large" if len(body) > BODY_LIMIT else kind
    return Ask(kind, address, b"POST /api/entry HTTP/1.1\r\nContent-Type: application/json", body, name)


async def send_all(port: int, asks: Sequence[Ask]) -> list[Answer]:
    """Send all requests, AT_ONCE at a time, in this order."""
    waiting = iter(asks)

    async def one_after_another() -> list[Answer]:
        return [await _send(port, ask) for ask in waiting]

    lists: Iterable[list[Answer]] = await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return [answer for each in lists for answer in each]


async def _send(port: int, ask: Ask) -> Answer:
    host = f"127.0.0.1:{port}"
    lines = f"Host: {host}\r\nOrigin: {ask.origin or f'http://{host}'}\r\nX-Forwarded-For: {ask.address}\r\nConnection: close\r\n"
    length = f"Content-Length: {len(ask.body)}\r\n" if ask.head.startswith(b"POST") else ""
    try:
        async with asyncio.timeout(ANSWER_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(ask.head + b"\r\n" + (lines + length).encode() + b"\r\n" + ask.body)
                head, _, body = (await reader.read(-1)).partition(b"\r\n\r\n")
            finally:
                writer.close()
    except (TimeoutError, ConnectionError):
        return Answer(ask, 0, b"")
    return Answer(ask, int(head[9:12] or 0), body)
