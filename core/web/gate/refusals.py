"""Refusals of the gate: their response texts and their log lines."""

import json
import logging

from starlette.types import Send

WORDS = {  # plain text in both languages, because the visitor's language is not known
    400: "Yêu cầu không đọc được. / The request could not be read.",
    401: "Cần đăng nhập. / Please sign in.",
    403: "Yêu cầu bị từ chối. / Refused.",
    404: "Không có trang này. / Not found.",
    408: "Yêu cầu đến quá chậm. / The request came too slowly.",
    413: "Yêu cầu quá lớn. / The request is too large.",
    421: "Địa chỉ này không phải của máy chủ. / Not an address of this server.",
    429: "Quá nhiều yêu cầu, hãy thử lại sau ít giây. / Too many requests, try again in a few seconds.",
    503: "Máy chủ đang bận, hãy thử lại sau ít giây. / The server is busy, try again in a few seconds.",
}
UNREAD = frozenset({400, 408, 413})  # statuses sent before the whole body was read
LATER = frozenset({429, 503})
_log = logging.getLogger("judging-desk.security")


async def answer(send: Send, status: int, *, as_json: bool = False) -> None:
    """Send a response with this status, as plain text or as the JSON `{"refused": "…"}` of our routes.

    Closes the connection if the request's body was not read.
    """
    text = WORDS.get(status, "404")
    body = (json.dumps({"refused": text}) if as_json else text).encode()
    kind = b"application/json" if as_json else b"text/plain; charset=utf-8"
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    if status in UNREAD:
        headers.append((b"connection", b"close"))
    if status in LATER:
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def log_refusal(status: int, network: str) -> None:
    """Log one line about a refusal. It contains no URL and nothing else that the visitor sent."""
    _log.warning("refused with %d, from %s", status, network)
