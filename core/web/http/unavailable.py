"""What is said where the database is away, or holds no contest yet: one sentence, and the page asks again by itself."""

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.rules.words import Refusal, Unavailable
from core.web.assets import TEMPLATES
from core.web.http import responses

AGAIN_S = "5"


def answer(connection: HTTPConnection, refusal: Refusal) -> Response:
    """A refusal that no route has answered: a page for people, JSON for pages; 503 where it passes by itself."""
    status = 503 if isinstance(refusal, Unavailable) else 409
    headers = {"cache-control": "no-store", "retry-after": AGAIN_S}
    if "text/html" not in connection.headers.get("accept", ""):
        found = responses.refused(connection, refusal, status)
        found.headers.update(headers)
        return found
    said = refusal.sentence.localize(responses.locale_of(connection))
    html = TEMPLATES.get_template("closed.html").render(said=said, language=responses.language_of(connection).value)
    return HTMLResponse(html, status, {**headers, "refresh": AGAIN_S})


class Away:
    """Innermost of ours: no refusal of the desk leaves as an error of the server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a refusal before the first byte becomes an answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def told(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, told)
        except Refusal as refusal:
            if begun:
                raise
            await answer(HTTPConnection(scope), refusal)(scope, receive, send)
