"""The browsers in which an account has signed in: tries from one are slowed by its own failures alone.

A browser keeps one cookie, which says that it is such a browser and, by a tag for each account, whose. Nothing is kept
on the server. The cookie opens nothing: it says only by whose failures the next try is slowed (`core.desk.accounts.throttling`).
"""

import base64
import hmac
import secrets

TAGS = 6  # accounts one browser remembers; the oldest is forgotten
LONGEST = 512  # characters of a cookie that is looked at


def issued(key: str, cookie: str, username: str) -> str:
    """The cookie of a browser in which this account has now signed in; `cookie` is what the browser held before."""
    name, tags = _read(key, cookie) or (secrets.token_urlsafe(16), [])
    mine = _tag(key, name, username)
    kept = [tag for tag in tags if tag != mine][-(TAGS - 1) :]
    return ".".join((name, _sign(key, "browser", name), *kept, mine))


def of_account(key: str, cookie: str, username: str) -> str:
    """The name of a browser in which this account has signed in; empty where it is none."""
    name, tags = _read(key, cookie) or ("", [])
    mine = _tag(key, name, username)
    return name if any(hmac.compare_digest(mine, tag) for tag in tags) else ""


def of_anybody(key: str, cookie: str) -> str:
    """The name of a browser in which somebody has signed in; empty where it is none."""
    name, _tags = _read(key, cookie) or ("", [])
    return name


def _read(key: str, cookie: str) -> tuple[str, list[str]] | None:
    if not cookie or len(cookie) > LONGEST or not cookie.isascii():
        return None
    name, *rest = cookie.split(".")
    if not rest or not hmac.compare_digest(_sign(key, "browser", name), rest[0]):
        return None
    return name, rest[1:]


def _tag(key: str, name: str, username: str) -> str:
    return _sign(key, "account", f"{name} {username}")


def _sign(key: str, what: str, text: str) -> str:
    made = hmac.digest(key.encode(), f"judging-desk {what} {text}".encode("utf-8", "replace"), "sha256")
    return base64.urlsafe_b64encode(made[:18]).decode()
