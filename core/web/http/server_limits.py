"""Limits of the HTTP server itself: what a connection may send, and how long it may wait, before anybody has looked at it.

uvicorn's parser keeps a request head of any length and waits for it for ever, and `streamlit run` passes it no limit.
So uvicorn's two protocols are extended here, and put into the configuration of the running server at its start. The
limits of a proxy in front (docs/nginx.conf) come first where there is one.
"""

import asyncio
import logging
from functools import partial
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request

from core.desk.accounts.throttling import network
from core.web.http.connections import EXTENSION, Connection, Waiting

HEAD_BYTES = 64 * 1024  # request line and headers together
HEADERS = 100
HEAD_S = 10.0  # from the connection, or the first byte of a next request, to the end of its head
UNREAD_BODY_S = 2.0  # the response has gone out, and its request's body still comes
STALLED_S = 60.0  # a stranger takes nothing of what is sent
PIPELINED = 16  # requests sent before the response to the first
STRANGERS_MESSAGE = 64 * 1024  # bytes of a WebSocket message; the sign-in form needs 4,000
FRAGMENTS = 64  # frames of one WebSocket message
PINGS = 1_000  # from one stranger's socket: browsers send none, other clients three a minute
TOO_LARGE = 431
_log = logging.getLogger("judging-desk.security")


class _Timer:
    """One deadline of a connection: setting it again replaces it."""

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


class _Impatient(asyncio.Protocol):
    """A connection that a stranger may not keep by taking nothing of what is sent; a judge may pause a film."""

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


class BoundedHttpProtocol(_Impatient, HttpToolsProtocol):
    """One HTTP connection: a request head of bounded size and time, and no more after what was refused."""

    def __init__(self, *told: Any, waiting: Waiting, **named: Any) -> None:
        super().__init__(*told, **named)
        self._waiting = waiting
        self._deadline, self._stalled = _Timer(), _Timer()
        self._between = True  # no request head has ended since the last request did
        self._received = 0  # bytes since then
        self._head = 0  # bytes of the head that is being read, as far as it was parsed
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
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
            self.scope["extensions"] = {EXTENSION: self._connection}  # type: ignore[dict-item]  # ASGI lets a server add its own
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._between, self._received = True, 0
        self._deadline.stop()
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
        made = partial(BoundedWebSocketProtocol, connection=self._connection)
        self.ws_protocol_class = made  # type: ignore[assignment]  # called, with what uvicorn gives
        super().handle_websocket_upgrade()

    def _refuse(self) -> None:
        """Take nothing more; say why, unless a response is under way."""
        self._refused = True
        if getattr(self.cycle, "response_complete", True):  # there is none before the first request
            closing = b"content-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(STATUS_LINE[TOO_LARGE] + closing)
        self.transport.close()


class BoundedWebSocketProtocol(_Impatient, WebSocketsSansIOProtocol):
    """One WebSocket: small messages until the gate says that somebody signed in sends them, and never a text."""

    def __init__(self, *told: Any, connection: Connection, **named: Any) -> None:
        super().__init__(*told, **named)
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
            self.scope["extensions"] = {**(self.scope.get("extensions") or {}), EXTENSION: self._connection}  # type: ignore[dict-item]  # the same

    def handle_text(self, event: Frame) -> None:  # noqa: ARG002  # its signature is uvicorn's
        """No page of ours sends text, and Streamlit answers one with a stack trace in the log."""
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
        """After a close of ours the application goes on until it reads: what it sends meanwhile is dropped, not raised."""
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
    """Outermost: puts the bounded protocols into the server that starts this application."""

    def __init__(self, app: ASGIApp, waiting: Waiting) -> None:
        self.app = app
        self.waiting = waiting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Bound the server before it listens; pass everything on."""
        if scope["type"] == "lifespan":
            self._bound(receive)
        await self.app(scope, receive, send)

    def _bound(self, receive: Receive) -> None:
        """The lifespan's `receive` of uvicorn is a method of an object that holds the server's configuration.

        The application is imported after that configuration was read, so that no setting could have come earlier.
        """
        config = getattr(getattr(receive, "__self__", None), "config", None)
        if not isinstance(config, Config):
            _log.warning("the server is not uvicorn: request heads and idle connections are not bounded")
            return
        config.http_protocol_class = partial(BoundedHttpProtocol, waiting=self.waiting)  # type: ignore[assignment]  # called
        config.encoded_headers = [(name, value) for name, value in config.encoded_headers if name != b"server"]
