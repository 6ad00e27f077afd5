"""A request or WebSocket handshake with its headers and cookies parsed for the gate."""

from dataclasses import dataclass

from starlette.types import Scope

from core.rules.access import Principal
from core.web.http.connections import EXTENSION, Connection


@dataclass(slots=True)
class IncomingRequest:
    """One request or WebSocket handshake; `method` is "WEBSOCKET" for the latter."""

    scope: Scope
    path: str
    method: str
    headers: dict[bytes, bytes]
    cookies: dict[str, str]
    principal: Principal | None = None
    address: str = ""  # the visitor's IP address
    counted: bool = False  # counts towards the limits for visitors without a session
    open: bool = False  # the route needs no session, so the end of a session does not stop the request

    @property
    def ours(self) -> bool:
        """True for a route of our own; False for Streamlit's."""
        return bool(self.scope["state"].get("ours"))

    @property
    def connection(self) -> Connection | None:
        """The TCP connection of the request; None if the server is not our extended uvicorn."""
        found = (self.scope.get("extensions") or {}).get(EXTENSION)
        return found if isinstance(found, Connection) else None


def read(scope: Scope) -> IncomingRequest:
    """Parse the headers and cookies of a scope. The result has a copy of the scope with its own `state`."""
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:  # repeated headers are joined: two Host or Origin values match none allowed
        key = name.lower()
        headers[key] = headers[key] + (b"; " if key == b"cookie" else b", ") + value if key in headers else value
    cookies: dict[str, str] = {}
    for part in headers.get(b"cookie", b"").split(b";"):
        name, _, value = part.decode("latin-1").strip().partition("=")
        cookies.setdefault(name, value)
    scope = {**scope, "state": dict(scope.get("state") or {})}
    method = "WEBSOCKET" if scope["type"] == "websocket" else scope["method"]
    return IncomingRequest(scope, scope["path"], method, headers, cookies)
