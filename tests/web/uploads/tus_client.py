"""Requests of a tus client, for any function that sends a request."""

import base64
from collections.abc import Callable
from typing import Any

import httpx

Send = Callable[[str, str, dict[str, str] | None, Any], httpx.Response]
VERSION = {"Tus-Resumable": "1.0.0"}


def begin(send: Send, length: int, name: str = "phim.mp4") -> str:
    """Begin an upload; return its address."""
    metadata = f"filename {base64.b64encode(name.encode()).decode()}"
    answer = send("POST", "/uploads", {**VERSION, "Upload-Length": str(length), "Upload-Metadata": metadata}, None)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return answer.headers["location"]


def head(send: Send, url: str) -> httpx.Response:
    """Ask how far an upload is."""
    return send("HEAD", url, VERSION, None)


def patch(send: Send, url: str, offset: int, data: Any, more: dict[str, str] | None = None) -> httpx.Response:
    """Send one piece."""
    headers = {**VERSION, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return send("PATCH", url, {**headers, **(more or {})}, data)
