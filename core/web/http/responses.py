"""How a route answers: JSON, or a refusal as one sentence in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from core.rules.access import NotAllowed, Principal, SessionOver
from core.rules.words import Language, Locale, Refusal, Unavailable
from core.settings import settings
from core.speech import gettext, locale

LANGUAGE_COOKIE = "lang"
STATUSES: tuple[tuple[type[Refusal], int], ...] = ((NotAllowed, 403), (SessionOver, 401), (Unavailable, 503))


def language_of(connection: HTTPConnection) -> Language:
    """The language the visitor chose, or the server's default."""
    chosen = connection.cookies.get(LANGUAGE_COOKIE, "")
    return Language(chosen) if chosen in tuple(Language) else settings().language


def locale_of(connection: HTTPConnection) -> Locale:
    """The locale a route answers in."""
    return locale(language_of(connection))


def words_of(connection: HTTPConnection) -> Callable[[str], str]:
    """`_` for a template."""
    return gettext(language_of(connection))


def principal_of(connection: HTTPConnection) -> Principal | None:
    """Who the gate says is asking."""
    found = connection.scope.get("state", {}).get("principal")
    return found if isinstance(found, Principal) else None


def refused(connection: HTTPConnection, refusal: Refusal, status: int = 409, **facts: Any) -> Response:
    """A refusal as JSON `{"refused": "…"}`; STATUSES go before the route's own status."""
    code = next((code for kind, code in STATUSES if isinstance(refusal, kind)), status)
    return JSONResponse({"refused": refusal.sentence.localize(locale_of(connection)), **facts}, status_code=code)


def answered(document: Mapping[str, Any], status: int = 200) -> Response:
    """A JSON answer."""
    return JSONResponse(dict(document), status_code=status)
