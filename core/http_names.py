"""The register of our own cookies and headers. What HTTP itself names (Host, Origin, …) is not ours and is not listed.

The scripts in `core/web/static` write the headers' names as literals. `tests/project/test_http_names.py` fails where any
other module or script names a cookie or a header of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie. With HTTPS an `host_only` one is named with the prefix `__Host-` (RFC 6265bis, 4.1.3.2)."""

    plain: str
    host_only: bool = True

    def name(self, *, secure: bool) -> str:
        """Its name as it is sent."""
        return f"__Host-{self.plain}" if secure and self.host_only else self.plain

    def value(self, cookies: Mapping[str, str]) -> str:
        """What the browser sent, for a page, which does not know whether HTTPS is in front; empty where it sent none."""
        return cookies.get(self.name(secure=True)) or cookies.get(self.name(secure=False)) or ""


SESSION = Cookie("desk")  # the secret of a session
BROWSER = Cookie("browser")  # tells browsers apart before anybody signs in
DEVICE = Cookie("device")  # of a browser in which somebody has signed in (`core.desk.accounts.devices`)
LANGUAGE = Cookie("lang", host_only=False)  # "vi" or "en"; the scripts may read it

IDENTITY_PREFIX = "x-jd-"  # the gate removes every such header that a visitor sent
ADDRESS_HEADER = "x-jd-address"  # the visitor's address
USER_HEADER = "x-jd-user"  # the username
SESSION_HEADER = "x-jd-session"  # hex SHA-256 of the session's secret
ENTRY_LINK_HEADER = "x-entry-link"  # the secret of an author's private link
SHEET_OWNER_HEADER = "x-sheet-owner"  # for which account a page was made (`core.web.http.browser_storage`)


def claim(header: str) -> str:
    """The name under which Streamlit's `st.user` gives a trusted header: "x-jd-session" is `jd_session`."""
    return header.removeprefix("x-").replace("-", "_")


TRUSTED_USER_HEADERS = {header: claim(header) for header in (USER_HEADER, SESSION_HEADER)}
