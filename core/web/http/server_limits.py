"""Limits of size and time for connections, enforced in uvicorn's protocols before any middleware runs.

uvicorn accepts a request head of any length and waits for it without a timeout, and `streamlit run` sets no limit.
So this module extends uvicorn's two protocol classes and puts them into the configuration of the running server at
start-up. If there is a proxy in front (docs/nginx.conf), its limits apply first.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request

from core.desk.accounts.throttling import network
from core.web.http.connections import EXTENSION, Connection, WaitingConnections

HEAD_BYTES = 64 * 1024  # request line and headers together
HEADERS = 100
HEAD_S = 10.0  # from the connection, or the first byte of a next request, to the end of the request head
UNREAD_BODY_S = 2.0  # from a complete response to the end of its request's body, which is read and dropped
UNREAD_BODY_BYTES = 8 << 20  # of that body
STALLED_S = 60.0  # for which a client without a session may read nothing of what is sent
PIPELINED = 16  # requests sent before the response to the first
STRANGERS_MESSAGE = 64 * 1024  # bytes of a WebSocket message without a session; the sign-in form needs 4,000
FRAGMENTS = 64  # frames of one WebSocket message
PINGS = 1_000  # per WebSocket without a session: browsers send none, other clients three a minute
TOO_LARGE = 431
_log = logging.getLogger("judging-desk.security")


class _Timer:
    """One deadline of a connection: aborts the transport when it expires. Starting it again replaces it."""

    def __init__(self) -> None:
        self._handle: asyncio.TimerHandle | None = None

    @property
    def running(self) -> bool:
        return self._handle is not None

    def start(self, seconds: float, transport: asyncio.Transport) -> None:
        self.stop()
        self._handle = asyncio.get_running_loop().call_later(seconds, transport.abort)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


class _StallTimeout(asyncio.Protocol):
    """Aborts a connection whose client reads nothing for STALLED_S. Not with a session: a judge may pause a film."""

    transport: asyncio.Transport
    _connection: Connection
    _stalled: _Timer

    def pause_writing(self) -> None:
        super().pause_writing()
        if not self._connection.member:
            self._stalled.start(STALLED_S, self.transport)

    def resume_writing(self) -> None:
        self._stalled.stop()
        super().resume_writing()


class _ClosingLate:
    """The transport of one response: its closing is decided by the protocol, which may first read the request's body."""

    def __init__(self, transport: asyncio.Transport, close: Callable[[], None]) -> None:
        self.write, self.is_closing, self.close = transport.write, transport.is_closing, close


class BoundedHttpProtocol(_StallTimeout, HttpToolsProtocol):
    """One HTTP connection with limits of size and time for each request head. After a refusal nothing more is read.

    A response before the end of its request's body: the rest is read and dropped, up to UNREAD_BODY_S and
    UNREAD_BODY_BYTES. Closing at once would reset the connection, and the client might lose the response (RFC 9112, 9.6).
    """

    def __init__(self, *args: Any, waiting: WaitingConnections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting = waiting
        self._deadline, self._stalled = _Timer(), _Timer()
        self._between = True  # between the end of a request and the end of the next request head
        self._received = 0  # bytes received since the last request ended
        self._head = 0  # parsed bytes of the current request head
        self._unread = 0  # bytes of the current body that came after its response
        self._closes = False  # at the end of the current body
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's signature
        super().connection_made(transport)
        self._connection = Connection(network(self.client[0] if self.client else ""), transport)
        self._waiting.enter(self._connection)
        self._deadline.start(HEAD_S, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.stop()
        self._stalled.stop()
        self._waiting.leave(self._connection)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._received += len(data)
        super().data_received(data)
        if self._between and self._received:
            if self._received > HEAD_BYTES:
                self._refuse()
            elif not self._deadline.running:
                self._deadline.start(HEAD_S, self.transport)

    def on_message_begin(self) -> None:
        self._head = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._head += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head += len(name) + len(value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._between = False
        self._deadline.stop()
        self._waiting.leave(self._connection)
        if self._head > HEAD_BYTES or len(self.headers) > HEADERS or len(self.pipeline) >= PIPELINED:
            self._refuse()
        if not self._refused:
            self.scope["extensions"] = {EXTENSION: self._connection}  # type: ignore[dict-item]  # ASGI allows servers to add extensions
            before = self.cycle
            super().on_headers_complete()
            if self.cycle is not before:  # it is for a WebSocket
                self.cycle.transport = _ClosingLate(self.transport, partial(self._close_after_body, self.cycle))  # type: ignore[assignment]  # all that a cycle calls

    def on_body(self, body: bytes) -> None:
        if self._refused:
            return
        super().on_body(body)
        if self.cycle.response_complete:
            self._unread += len(body)
            if self._unread > UNREAD_BODY_BYTES:
                self._refused = True
                self.transport.abort()

    def on_message_complete(self) -> None:
        self._between, self._received, self._unread = True, 0, 0
        self._deadline.stop()
        if self._closes:
            self._refused = True
            self.transport.close()
        if not self._refused:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        if not self._between:
            self._deadline.start(UNREAD_BODY_S, self.transport)
        elif not self.pipeline:
            self._waiting.enter(self._connection)
        super().on_response_complete()

    def handle_websocket_upgrade(self) -> None:
        if self._refused:
            return
        self._stalled.stop()
        protocol_class = partial(BoundedWebSocketProtocol, connection=self._connection)
        self.ws_protocol_class = protocol_class  # type: ignore[assignment]  # uvicorn only calls it
        super().handle_websocket_upgrade()

    def _close_after_body(self, cycle: RequestResponseCycle) -> None:
        """Close as a response asks: at once, or at the end of the body if that is still coming."""
        if self._between or cycle is not self.cycle or not cycle.response_complete:
            self.transport.close()
        else:
            self._closes = True

    def _refuse(self) -> None:
        """Read nothing more and close. Responds with 431 first, unless another response is in progress."""
        self._refused = True
        if getattr(self.cycle, "response_complete", True):  # `cycle` is None before the first request
            closing = b"content-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(STATUS_LINE[TOO_LARGE] + closing)
        self.transport.close()


class BoundedWebSocketProtocol(_StallTimeout, WebSocketsSansIOProtocol):
    """One WebSocket: small messages until the gate has found a session, a limit of fragments, no text messages."""

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connection, self._stalled, self._pings = connection, _Timer(), 0
        connection.largest_message = self.conn.max_message_size
        self.conn.max_message_size = STRANGERS_MESSAGE

    def connection_lost(self, exc: Exception | None) -> None:
        self._stalled.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._connection.member:
            self.conn.max_message_size = self._connection.largest_message
        super().data_received(data)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.handshake_initiated and not self.handshake_complete:
            self.scope["extensions"] = {**(self.scope.get("extensions") or {}), EXTENSION: self._connection}  # type: ignore[dict-item]  # as above

    def handle_text(self, event: Frame) -> None:  # noqa: ARG002  # its signature is uvicorn's
        """Close on a text message: our pages send none, and Streamlit would log a stack trace for it."""
        self._fail(CloseCode.UNSUPPORTED_DATA)

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= FRAGMENTS:
            self._fail(CloseCode.MESSAGE_TOO_BIG)
        else:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        self._pings += 1
        if self._pings > PINGS and not self._connection.member:
            self._fail(CloseCode.POLICY_VIOLATION)
        else:
            super().handle_ping()

    async def send(self, message: Any) -> None:
        """Drop what the application sends after we closed: it learns of the close only at its next receive."""
        await self.writable.wait()
        if not self.close_sent:
            await super().send(message)

    def _fail(self, code: CloseCode) -> None:
        _log.warning("a WebSocket message of no page of ours, from %s: closed", self._connection.network)
        self.conn.fail(code)
        if self.conn.close_sent is None:
            self.transport.abort()
        else:
            self.handle_parser_exception()


class ServerLimits:
    """The outermost middleware: puts the bounded protocols into the server at start-up."""

    def __init__(self, app: ASGIApp, waiting: WaitingConnections) -> None:
        self.app = app
        self.waiting = waiting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on. At the lifespan's start, before the server listens, set its protocols."""
        if scope["type"] == "lifespan":
            self._bound(receive)
        await self.app(scope, receive, send)

    def _bound(self, receive: Receive) -> None:
        """Put the bounded protocols into uvicorn's configuration.

        The lifespan's `receive` is a method of a uvicorn object that holds the configuration. The application is
        imported after the configuration was read, so no earlier setting is possible.
        """
        config = getattr(getattr(receive, "__self__", None), "config", None)
        if not isinstance(config, Config):
            _log.warning("the server is not uvicorn: request heads and idle connections are not bounded")
            return
        config.http_protocol_class = partial(BoundedHttpProtocol, waiting=self.waiting)  # type: ignore[assignment]  # uvicorn only calls it
        config.encoded_headers = [(name, value) for name, value in config.encoded_headers if name != b"server"]
