"""What passes on Streamlit's own WebSocket: which messages a page may send, and what strangers are not told.

The two functions that know Streamlit's messages are handed in by `app.py`: no other module of `core` knows Streamlit.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.types import Message, Receive, Send

PASS = frozenset({"rerun_script", "stop_script", "app_heartbeat"})  # the rest is for developers, or writes files
UNREADABLE = 1002  # WebSocket close codes
BUSY = 1013
_log = logging.getLogger("judging-desk.security")


def _any(_data: bytes) -> str:
    return "rerun_script"


def _same(data: bytes) -> bytes:
    return data


@dataclass(frozen=True, slots=True)
class Frames:
    """`kind` names a message from a page, and is None where it is none; `blanked` leaves out what strangers needn't know."""

    kind: Callable[[bytes], str | None] = _any
    blanked: Callable[[bytes], bytes] = _same

    def receiving(self, receive: Receive, turn: Callable[[], Awaitable[bool]] | None = None) -> Receive:
        """A `receive` that hands on what a page of ours sends; with `turn`, each message waits for its turn."""

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
        """A `send` that tells strangers nothing of the machine the desk runs on."""

        async def sent(message: Message) -> None:
            data = message.get("bytes")
            if message["type"] == "websocket.send" and data is not None:
                message = {**message, "bytes": self.blanked(data)}
            await send(message)

        return sent


def _refused(code: int) -> Message:
    """A message that ends the socket: `core.web.gate.session_cutoff.socket_until` closes it with this code."""
    return {"type": "websocket.disconnect", "code": code, "refused": True}
