"""The response when the database is unavailable or has no contest yet: one sentence; the page reloads itself."""

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.rules.words import Refusal, Unavailable
from core.web.assets import TEMPLATES
from core.web.http import responses

AGAIN_S = "5"


def answer(connection: HTTPConnection, refusal: Refusal) -> Response:
    """The response to a refusal that no route handled: HTML if accepted, else JSON; 503 for Unavailable, else 409."""
    status = 503 if isinstance(refusal, Unavailable) else 409
    headers = {"cache-control": "no-store", "retry-after": AGAIN_S}
    if "text/html" not in connection.headers.get("accept", ""):
        found = responses.refusal_response(connection, refusal, status)
        found.headers.update(headers)
        return found
    message = refusal.sentence.localize(responses.locale_of(connection))
    html = TEMPLATES.get_template("closed.html").render(
        message=message, language=responses.language_of(connection).value
    )
    return HTMLResponse(html, status, {**headers, "refresh": AGAIN_S})


class RefusalMiddleware:
    """The innermost middleware of ours: turns an unhandled Refusal into a response, instead of a server error."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a Refusal raised before the response has started becomes a response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def tracked_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, tracked_send)
        except Refusal as refusal:
            if started:
                raise
            await answer(HTTPConnection(scope), refusal)(scope, receive, send)
