"""The page of films that are alike, framed by `pages/secretary/twins.py`: the list, one pair, stills, and the decision."""

from typing import TypeVar

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from core.desk import context
from core.desk.background import film_pairs
from core.desk.background.film_pairs import NoSuchPair
from core.rules.access import NotAllowed, Principal
from core.rules.permissions import may_judge_twins, may_see_twins
from core.rules.words import Locale, Number, Refusal, Sentence, film_time
from core.settings import settings
from core.web.http import request_json
from core.web.http.browser_storage import owner_key
from core.web.http.responses import (
    closed_page,
    html_page,
    in_thread,
    json_response,
    locale_of,
    member_of,
    principal_of,
    refusal_response,
    refusing,
)

T = TypeVar("T")
STILL_HEADERS = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
}


async def page(request: Request) -> Response:
    """The list of pairs; with `?pair=` one pair, side by side."""
    who = principal_of(request)
    if who is None or not may_see_twins(who):
        return closed_page(request, NotAllowed().sentence)
    number = request.query_params.get("pair")
    try:
        if number is None:
            pairs = await anyio.to_thread.run_sync(lambda: film_pairs.listed(context.store(), who))
            return _page(request, who, "twins.html", pairs=pairs, waiting=sum(pair.waits for pair in pairs))
        pair_id = request_json.digits(number)
        pair = await anyio.to_thread.run_sync(lambda: film_pairs.pair(context.store(), who, pair_id))
    except (NoSuchPair, request_json.BadRequest):
        return _page(request, who, "twins.html", pairs=(), waiting=0, missing=NoSuchPair().sentence)
    return _page(request, who, "twin_pair.html", pair=pair, verdicts=film_pairs.VERDICTS)


async def still(request: Request) -> Response:
    """One still of a pair, as JPEG; 404 where there is none."""
    who, names = principal_of(request), request.path_params
    try:
        pair, moment, side = (request_json.digits(names[name]) for name in ("pair", "moment", "side"))
        path = await anyio.to_thread.run_sync(
            lambda: film_pairs.still(context.store(), who, pair, moment, side, settings().library)
        )
    except (NoSuchPair, request_json.BadRequest):
        return refusal_response(request, NoSuchPair(), 404)
    except Refusal as refused:
        return refusal_response(request, refused)
    return FileResponse(path, media_type="image/jpeg", headers=STILL_HEADERS)


@refusing
async def decide(request: Request) -> Response:
    """Decide what it means that the two films of a pair are alike."""
    sent = await request_json.document(request, "verdict", "reason", "seen")
    who, pair = member_of(request), request_json.digits(request.path_params["pair"])
    verdict, reason = request_json.text(sent["verdict"]), request_json.text(sent["reason"])
    seen = request_json.whole(sent["seen"])
    await in_thread(lambda: film_pairs.decide(context.store(), who, pair, verdict, reason, seen, context.now()))
    return json_response({"done": Sentence("Đã ghi quyết định.").localize(locale_of(request))})


@refusing
async def compare(request: Request) -> Response:
    """Request that every checked film is compared with all others again."""
    await request_json.document(request)
    who = member_of(request)
    count = await in_thread(lambda: film_pairs.request_comparisons(context.store(), who, context.now()))
    said = Sentence("Đã yêu cầu so sánh {count} phim.", {"count": Number(count)})
    none = Sentence("Mọi phim đều đang được so sánh, hoặc chưa có phim nào được kiểm tra.")
    return json_response({"done": (said if count else none).localize(locale_of(request))})


def words(locale: Locale) -> dict[str, object]:
    """The texts of the page's script."""
    _ = locale.translate
    return {
        "failed": _("Không gửi được yêu cầu; hãy thử lại."),
        "choose": _("Hãy chọn một quyết định."),
        "noStill": _("Không có hình"),
    }


def routes() -> list[Route]:
    """The routes of this module."""
    return [
        Route("/board/twins", page),
        Route("/twins/{pair}/{moment}/{side}", still, methods=["GET"]),
        Route("/api/twins/comparisons", compare, methods=["POST"]),
        Route("/api/twins/{pair}/decision", decide, methods=["POST"]),
    ]


def _page(request: Request, who: Principal, name: str, **facts: object) -> Response:
    spoken = locale_of(request)
    return html_page(
        request, name, say=lambda sentence: sentence.localize(spoken), film_time=film_time, missing=facts.pop("missing", None),
        words=words(spoken), owner=owner_key(who), may_decide=may_judge_twins(who), **facts,
    )  # fmt: skip
