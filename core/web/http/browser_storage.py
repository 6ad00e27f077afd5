"""The owner key: identifies the account that data stored in a browser belongs to, without revealing its user name."""

import hashlib
import hmac

from starlette.requests import Request

from core import http_names
from core.rules.access import Principal
from core.rules.words import Refusal
from core.settings import settings


class AnotherAccount(Refusal):
    """The page was opened by one account, and another is signed in now."""

    def __init__(self) -> None:
        super().__init__("Trang này mở bằng một tài khoản khác; hãy tải lại trang.")


def owner_key(who: Principal) -> str:
    """The account's key: HMAC-SHA-256 of its user name under the server's secret, 32 hex digits."""
    return hmac.new(settings().secret().encode(), f"tab:{who.username}".encode(), hashlib.sha256).hexdigest()[:32]


def is_owner(request: Request, who: Principal) -> bool:
    """False if the request's page was opened by another account. True also for a request without an owner header."""
    value = request.headers.get(http_names.SHEET_OWNER_HEADER)
    return value is None or hmac.compare_digest(value.encode(), owner_key(who).encode())
