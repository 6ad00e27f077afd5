"""The gate's configuration: which pages and routes exist, and which hosts and origins may request them."""

import re
from dataclasses import dataclass

from core import http_names
from core.web.http.policy import Policy


@dataclass(frozen=True, slots=True)
class Admission:
    """The gate's configuration: which pages and routes exist, and which hosts and origins may request them."""

    pages: frozenset[str]  # the paths of Streamlit's pages
    open_routes: tuple[re.Pattern[str], ...]  # our routes that need no session
    member_routes: tuple[re.Pattern[str], ...]  # our routes that need a session
    origins: frozenset[str]  # allowed values of the Origin header, lower case
    hosts: frozenset[str]  # allowed values of the Host header, lower case
    secure: bool  # every public origin is HTTPS
    proxies: frozenset[str]  # addresses whose X-Forwarded-For is trusted
    policy: Policy
    linked: frozenset[str] = frozenset()  # paths that a link on another site may lead to: our pages
    streamed_routes: tuple[re.Pattern[str], ...] = ()  # our routes whose PATCH reads its own, large body
    large_routes: tuple[
        re.Pattern[str], ...
    ] = ()  # our routes that take a table or a grid: a body of up to LARGE_BODY_BYTES
    inside: bool = False  # the server listens on a loopback address: only this machine can connect

    @property
    def session_cookie(self) -> str:
        """The name of the cookie that holds the session's secret."""
        return http_names.SESSION.name(secure=self.secure)

    @property
    def browser_cookie(self) -> str:
        """The name of the cookie that identifies a browser before anybody signs in."""
        return http_names.BROWSER.name(secure=self.secure)

    @property
    def device_cookie(self) -> str:
        """The name of the cookie of a browser in which somebody has signed in (`core.desk.accounts.devices`)."""
        return http_names.DEVICE.name(secure=self.secure)

    @property
    def cookie_attributes(self) -> str:
        """The attributes of all three cookies, in the form of a Set-Cookie header."""
        return "; Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if self.secure else "")
