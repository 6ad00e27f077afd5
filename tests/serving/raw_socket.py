"""A hand-written client of Streamlit's WebSocket protocol: it sends any message and keeps every byte received."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass
class RawSocket:
    """The WebSocket of a browser, without the browser."""

    origin: str  # the server's origin, http://127.0.0.1:…
    cookies: Mapping[str, str] = field(default_factory=dict)
    claimed_origin: str | None = None  # the Origin header; by default the server's own origin
    headers: Mapping[str, str] = field(default_factory=dict)
    takes_over: str | None = None  # the id of a Streamlit session to resume
    received: list[bytes] = field(default_factory=list)
    messages: list[Any] = field(default_factory=list)
    session: str = ""
    closed: int | None = None  # the server's close code

    async def __aenter__(self) -> Self:
        protocols = ["streamlit", *(["x", self.takes_over] if self.takes_over else [])]
        headers = dict(self.headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._socket = await websockets.connect(
            self.origin.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[websockets.Subprotocol(each) for each in protocols],
            additional_headers=headers,
            origin=websockets.Origin(self.claimed_origin or self.origin),
            max_size=None,
            max_queue=None,  # unread messages must not delay the close handshake
            open_timeout=60,
            ping_interval=None,  # a server without a processor for long is not gone
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()

    @property
    def bytes(self) -> bytes:
        """Everything that the server has sent, unchanged."""
        return b"".join(self.received)

    async def run(
        self,
        page: str = "",
        *,
        query: str = "",
        fragment: str = "",
        widgets: Mapping[str, tuple[str, Any]] | None = None,
        seconds: float = 90,
    ) -> list[Any]:
        """Request a run of the page at this address (without the slash) and return its messages until the run has
        finished.
        """
        await self.ask(page, query=query, fragment=fragment, widgets=widgets)
        return [] if self.closed else await self.until_finished(seconds)

    async def ask(
        self,
        page: str = "",
        *,
        query: str = "",
        fragment: str = "",
        widgets: Mapping[str, tuple[str, Any]] | None = None,
    ) -> None:
        """Request a run without waiting for it."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        message.rerun_script.fragment_id = fragment
        for name, (kind, value) in (widgets or {}).items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = name
            if kind in {"string_array_value", "double_array_value", "int_array_value"}:
                getattr(state, kind).data.extend(value)
            else:
                setattr(state, kind, value)
        try:
            await self._socket.send(message.SerializeToString())
        except websockets.ConnectionClosed as closed:
            self.closed = closed.rcvd.code if closed.rcvd else 1006

    async def until_finished(self, seconds: float = 90) -> list[Any]:
        """The messages until the script run ends, the time is over or the socket closes (then `closed` has the close
        code).
        """
        came: list[Any] = []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                data = await asyncio.wait_for(self._socket.recv(), max(0.05, until - time.monotonic()))
            except TimeoutError:
                break
            except websockets.ConnectionClosed as closed:
                self.closed = closed.rcvd.code if closed.rcvd else 1006
                break
            self.received.append(data if isinstance(data, bytes) else data.encode())
            message = ForwardMsg()
            message.ParseFromString(self.received[-1])
            came.append(message)
            self.messages.append(message)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id or self.session
            if kind == "script_finished":
                break
        return came

    async def until_closed(self, seconds: float) -> int | None:
        """The server's close code; None if the socket is still open after so many seconds."""
        until = time.monotonic() + seconds
        while self.closed is None and (left := until - time.monotonic()) > 0:
            await self.until_finished(left)
        return self.closed


def elements(messages: list[Any]) -> list[tuple[str, Any]]:
    """The elements that were drawn, each with its kind, in the order received."""
    found = []
    for message in messages:
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            kind = element.WhichOneof("type")
            found.append((kind, getattr(element, kind)))
    return found


def texts(messages: list[Any]) -> str:
    """The text that a user would read, one element per line."""
    return "\n".join(str(getattr(each, "body", "") or getattr(each, "label", "")) for _, each in elements(messages))


def widgets(messages: list[Any]) -> dict[str, str]:
    """The widgets that were drawn: label -> id."""
    return {
        str(each.label): str(each.id)
        for _, each in elements(messages)
        if getattr(each, "id", "") and hasattr(each, "label")
    }


def options(messages: list[Any], label: str) -> list[str]:
    """The options of the widget with this label, as the user reads them."""
    return next(list(each.options) for _, each in elements(messages) if getattr(each, "label", "") == label)
