"""Downloads: the award table, and the list of finalists.

These routes check the session on every request; the URL of a Streamlit download widget does not
(docs/platform.md, Endpoints: a widget's own address does not).
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.desk import context
from core.desk.awards import award_files
from core.desk.finals import finalists
from core.rules.access import NotAllowed, Principal
from core.rules.words import Refusal
from core.web.http import responses

Make = Callable[[Any, Principal, datetime], award_files.Export | finalists.File]


def routes() -> list[Route]:
    """`/export/award-table.{format}`, one route per format, and the list of finalists as workbook and as text."""
    table = award_files.AWARD_TABLE
    return [
        *(
            Route(f"/export/{table.key}.{each.key}", _answer(_award_table(each.key)), methods=["GET"])
            for each in table.formats
        ),
        Route("/export/finals.xlsx", _answer(finalists.workbook_file), methods=["GET"]),
        Route("/export/finals.txt", _answer(finalists.text_file), methods=["GET"]),
    ]


def _award_table(form: str) -> Make:
    return lambda store, who, now: award_files.export(store, who, form, now)


def _answer(make: Make) -> Callable[[Request], Awaitable[Response]]:
    async def download(request: Request) -> Response:
        who = responses.principal_of(request)
        if who is None:
            return responses.refusal_response(request, NotAllowed())
        try:
            made = await anyio.to_thread.run_sync(lambda: make(context.store(), who, context.now()))
        except Refusal as refusal:
            return responses.refusal_response(request, refusal)
        return Response(made.content, media_type=made.media_type, headers=_headers(made.name))

    return download


def _headers(name: str) -> dict[str, str]:
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
