"""What a browser's tab stores belongs to one account: the key that says to which, without naming it."""

import hashlib
import hmac

from starlette.requests import Request

from core.rules.access import Principal
from core.rules.words import Refusal
from core.settings import settings

HEADER = "x-sheet-owner"


class AnotherAccount(Refusal):
    """The page was made for one account, and another is signed in now."""

    def __init__(self) -> None:
        super().__init__("Trang này mở bằng một tài khoản khác; hãy tải lại trang.")


def owner_key(who: Principal) -> str:
    """The account's key: HMAC-SHA-256 of its user name under the server's secret, 32 hex digits."""
    return hmac.new(settings().secret().encode(), f"tab:{who.username}".encode(), hashlib.sha256).hexdigest()[:32]


def is_owner(request: Request, who: Principal) -> bool:
    """False where the page that asks was made for another account; a request that names no owner is let through."""
    said = request.headers.get(HEADER)
    return said is None or hmac.compare_digest(said.encode(), owner_key(who).encode())
