"""Filters Streamlit's WebSocket messages: which ones a page may send, and what visitors without a session do not get.

The two functions that parse Streamlit's messages are passed in by `app.py`: no module of `core` imports Streamlit.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.types import Message, Receive, Send

PASS = frozenset({"rerun_script", "stop_script", "app_heartbeat"})  # others are for developers or write files
UNREADABLE = 1002  # WebSocket close codes
BUSY = 1013
_log = logging.getLogger("judging-desk.security")


def _any(_data: bytes) -> str:
    return "rerun_script"


def _same(data: bytes) -> bytes:
    return data


@dataclass(frozen=True, slots=True)
class Frames:
    """The two message functions.

    `kind` returns the type of a page's message; None if the bytes are not one. `blanked` removes from a message to the
    page what visitors without a session need not know.
    """

    kind: Callable[[bytes], str | None] = _any
    blanked: Callable[[bytes], bytes] = _same

    def receiving(self, receive: Receive, turn: Callable[[], Awaitable[bool]] | None = None) -> Receive:
        """A `receive` that passes on only allowed messages. With `turn`, each message waits for the rate limit.

        It closes the socket with BUSY if `turn` returns False, with UNREADABLE if a message is not Streamlit's.
        """

        async def received() -> Message:
            while True:
                message = await receive()
                data = message.get("bytes")
                if message["type"] != "websocket.receive" or data is None:
                    return message
                if turn is not None and not await turn():
                    return _refused(BUSY)
                kind = self.kind(data)
                if kind is None:
                    _log.warning("a message that is none of Streamlit's: the socket was closed")
                    return _refused(UNREADABLE)
                if kind in PASS:
                    return message

        return received

    def sending(self, send: Send) -> Send:
        """A `send` that removes details of the server's machine, for visitors without a session."""

        async def sent(message: Message) -> None:
            data = message.get("bytes")
            if message["type"] == "websocket.send" and data is not None:
                message = {**message, "bytes": self.blanked(data)}
            await send(message)

        return sent


def _refused(code: int) -> Message:
    """A message that makes `core.web.gate.session_cutoff.socket_until` close the socket with this code."""
    return {"type": "websocket.disconnect", "code": code, "refused": True}
