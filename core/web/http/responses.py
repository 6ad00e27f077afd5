"""JSON responses of routes, refusals among them, and the language and principal of a request."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from core import http_names
from core.rules.access import NotAllowed, Principal, SessionOver
from core.rules.words import Language, Locale, Refusal, Sentence, Unavailable
from core.settings import settings
from core.speech import locale
from core.web.assets import TEMPLATES

T = TypeVar("T")
Answer = Callable[[Request], Awaitable[Response]]
Details = Callable[[Request, Refusal], Awaitable[tuple[int, dict[str, Any]]]]  # a refusal's status and further facts
STATUSES: tuple[tuple[type[Refusal], int], ...] = ((NotAllowed, 403), (SessionOver, 401), (Unavailable, 503))


def language_of(connection: HTTPConnection) -> Language:
    """The language the visitor chose, or the server's default."""
    chosen = http_names.LANGUAGE.value(connection.cookies)
    return Language(chosen) if chosen in tuple(Language) else settings().language


def locale_of(connection: HTTPConnection) -> Locale:
    """The locale of the responses to this visitor."""
    return locale(language_of(connection))


def principal_of(connection: HTTPConnection) -> Principal | None:
    """The principal that the gate has set for this request; None without a session."""
    found = connection.scope.get("state", {}).get("principal")
    return found if isinstance(found, Principal) else None


def member_of(connection: HTTPConnection) -> Principal:
    """The principal that the gate has set for this request. Raises NotAllowed without a session."""
    who = principal_of(connection)
    if who is None:
        raise NotAllowed
    return who


async def in_thread(act: Callable[[], T], limiter: anyio.CapacityLimiter | None = None) -> T:
    """What `act` returns, run in a thread: the desk and its database block. `limiter`: threads for slow acts alone."""
    return await anyio.to_thread.run_sync(act, limiter=limiter)


def refusal_response(connection: HTTPConnection, refusal: Refusal, status: int = 409, **facts: Any) -> Response:
    """A refusal as JSON `{"refused": "…"}` plus `facts`. A status in STATUSES takes precedence over `status`."""
    code = next((code for kind, code in STATUSES if isinstance(refusal, kind)), status)
    return JSONResponse({"refused": refusal.sentence.localize(locale_of(connection)), **facts}, status_code=code)


def closed_page(connection: HTTPConnection, sentence: Sentence) -> HTMLResponse:
    """A page of ours that this visitor may not see, with the reason; status 403."""
    spoken = locale_of(connection)
    html = TEMPLATES.get_template("closed.html").render(
        message=sentence.localize(spoken), language=spoken.language.value
    )
    return HTMLResponse(html, status_code=403)


def html_page(connection: HTTPConnection, template: str, /, **facts: object) -> HTMLResponse:
    """A page of ours in the visitor's language, never cached. `facts` are the template's values, beside `_` and `language`."""
    spoken = locale_of(connection)
    html = TEMPLATES.get_template(template).render(_=spoken.translate, language=spoken.language.value, **facts)
    return HTMLResponse(html, headers={"cache-control": "no-store"})


async def _conflict(_request: Request, _refusal: Refusal) -> tuple[int, dict[str, Any]]:
    return 409, {}


def refusing(answer: Answer, details: Details = _conflict) -> Answer:
    """Wrap a route: a Refusal becomes a JSON response with its sentence, and with the status and facts of `details`."""

    @wraps(answer)
    async def wrapped(request: Request) -> Response:
        try:
            return await answer(request)
        except Refusal as refusal:
            status, facts = await details(request, refusal)
            return refusal_response(request, refusal, status, **facts)

    return wrapped


def json_response(document: Mapping[str, Any], status: int = 200) -> Response:
    """A JSON response."""
    return JSONResponse(dict(document), status_code=status)
