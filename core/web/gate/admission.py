"""What exists at all, and from where it may be asked."""

import re
from dataclasses import dataclass

from core.web.http.policy import Policy


@dataclass(frozen=True, slots=True)
class Admission:
    """What exists at all, and from where it may be asked."""

    pages: frozenset[str]  # the addresses of Streamlit's pages
    open_routes: tuple[re.Pattern[str], ...]  # routes of ours that answer strangers
    member_routes: tuple[re.Pattern[str], ...]  # routes of ours for the signed-in
    origins: frozenset[str]  # exactly what a browser's Origin may say
    hosts: frozenset[str]  # exactly what Host may say, lower case
    secure: bool
    proxies: frozenset[str]
    policy: Policy
    inside: bool = False  # only this machine can connect

    @property
    def session_cookie(self) -> str:
        """The name of the cookie that holds a session's secret."""
        return "__Host-desk" if self.secure else "desk"

    @property
    def browser_cookie(self) -> str:
        """The name of the cookie that tells browsers apart before anybody signs in."""
        return "__Host-browser" if self.secure else "browser"

    @property
    def device_cookie(self) -> str:
        """The name of the cookie of a browser in which somebody has signed in (`core.desk.accounts.devices`)."""
        return "__Host-device" if self.secure else "device"

    @property
    def cookie_attributes(self) -> str:
        """How all of them are kept."""
        return "; Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if self.secure else "")
