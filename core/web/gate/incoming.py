"""One request as the gate reads it."""

from dataclasses import dataclass

from starlette.types import Scope

from core.rules.access import Principal
from core.web.http.connections import EXTENSION, Connection


@dataclass(slots=True)
class Asked:
    """One request or WebSocket; `method` is WEBSOCKET for the latter."""

    scope: Scope
    path: str
    method: str
    headers: dict[bytes, bytes]
    cookies: dict[str, str]
    principal: Principal | None = None
    address: str = ""  # of the visitor
    counted: bool = False  # among what strangers cost
    open: bool = False  # answers strangers too, and so outlives a session

    @property
    def ours(self) -> bool:
        """True for routes and pages of our own, as against Streamlit's."""
        return bool(self.scope["state"].get("ours"))

    @property
    def connection(self) -> Connection | None:
        """The TCP connection it came by; None under another server than ours."""
        found = (self.scope.get("extensions") or {}).get(EXTENSION)
        return found if isinstance(found, Connection) else None


def read(scope: Scope) -> Asked:
    """The headers and cookies of a scope, and a state of its own."""
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:  # said twice is said as a list: two hosts are no host, two origins no origin
        key = name.lower()
        headers[key] = headers[key] + (b"; " if key == b"cookie" else b", ") + value if key in headers else value
    cookies: dict[str, str] = {}
    for part in headers.get(b"cookie", b"").split(b";"):
        name, _, value = part.decode("latin-1").strip().partition("=")
        cookies.setdefault(name, value)
    scope = {**scope, "state": dict(scope.get("state") or {})}
    method = "WEBSOCKET" if scope["type"] == "websocket" else scope["method"]
    return Asked(scope, scope["path"], method, headers, cookies)
