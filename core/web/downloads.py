"""Download of the award table as a file.

This route checks the session on every request; the URL of a Streamlit download widget does not
(docs/platform.md, Endpoints: a widget's own address does not).
"""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.desk import context
from core.desk.awards import award_files
from core.rules.access import NotAllowed
from core.rules.words import Refusal
from core.web.http import responses


def routes() -> list[Route]:
    """`/export/award-table.{format}`, one route per format."""
    table = award_files.AWARD_TABLE
    return [Route(f"/export/{table.key}.{each.key}", _answer(each.key), methods=["GET"]) for each in table.formats]


def _answer(form: str) -> Callable[[Request], Awaitable[Response]]:
    async def award_table(request: Request) -> Response:
        who = responses.principal_of(request)
        if who is None:
            return responses.refusal_response(request, NotAllowed())
        try:
            made = await anyio.to_thread.run_sync(lambda: award_files.export(context.store(), who, form, context.now()))
        except Refusal as refusal:
            return responses.refusal_response(request, refusal)
        return Response(made.content, media_type=made.media_type, headers=_headers(made.name))

    return award_table


def _headers(name: str) -> dict[str, str]:
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
