"""Known browsers, in which an account has signed in: attempts from one are delayed only by its own failures.

A browser stores one signed cookie: a random name of the browser, and a tag for each account that signed in there.
Nothing is stored on the server. The cookie grants no access. It only selects which failures delay the next attempt
(`core.desk.accounts.throttling`).
"""

import base64
import hmac
import secrets

TAGS = 6  # accounts that one cookie holds; the oldest is dropped
LONGEST = 512  # characters; a longer cookie is ignored


def issued(key: str, cookie: str, username: str) -> str:
    """The new cookie of a browser in which this account has now signed in; `cookie` is the previous one or ""."""
    name, tags = _read(key, cookie) or (secrets.token_urlsafe(16), [])
    own_tag = _tag(key, name, username)
    others = [tag for tag in tags if tag != own_tag][-(TAGS - 1) :]
    return ".".join((name, _sign(key, "browser", name), *others, own_tag))


def of_account(key: str, cookie: str, username: str) -> str:
    """The browser's name if this account has signed in there, else ""."""
    name, tags = _read(key, cookie) or ("", [])
    own_tag = _tag(key, name, username)
    return name if any(hmac.compare_digest(own_tag, tag) for tag in tags) else ""


def of_anybody(key: str, cookie: str) -> str:
    """The browser's name if any account has signed in there, else ""."""
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
    digest = hmac.digest(key.encode(), f"judging-desk {what} {text}".encode("utf-8", "replace"), "sha256")
    return base64.urlsafe_b64encode(digest[:18]).decode()
