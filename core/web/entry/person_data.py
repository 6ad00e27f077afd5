"""A person's rights: the office's list of requests, and documents with everything about one person."""

import json
from datetime import datetime, time
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import http_names
from core.desk import context
from core.desk.entries import submission_views
from core.desk.person_data import person_document, person_requests
from core.desk.person_data.person_document import PersonDocument
from core.desk.person_data.person_requests import PaperRequest, PersonRequest
from core.rules.access import NotAllowed
from core.rules.entries.person_requests import KIND_NAMES, RequestKind
from core.rules.permissions import may_register_works
from core.rules.words import VIETNAM, Locale, Moment
from core.web.assets import TEMPLATES
from core.web.entry import entry, entry_words
from core.web.entry.office import reason_of
from core.web.http import request_json
from core.web.http.request_json import BadRequest
from core.web.http.responses import (
    closed_page,
    html_page,
    in_thread,
    json_response,
    language_of,
    locale_of,
    member_of,
    principal_of,
    refusing,
)

DATA, ASK = "/api/entry/mine/data", "/api/entry/mine/requests"
OPEN = frozenset({DATA, ASK})
DAY = 10  # characters of an ISO date


def words(locale: Locale) -> dict[str, str]:
    """The texts of the office's page."""
    _ = locale.translate
    return {
        "failed": _("Chưa gửi được: mất kết nối. Hãy bấm lại."),
        "none": _("Chưa có yêu cầu nào. Tác giả gửi bằng liên kết riêng, hoặc ghi yêu cầu trên giấy ở đây."),
        "overdue": _("quá hạn"),
        "received": _("Nhận lúc"),
        "due": _("Hạn trả lời"),
        "open": _("Chưa trả lời"),
        "byAuthor": _("bằng liên kết riêng"),
        "onPaper": _("trên giấy"),
        "answer": _("Ghi đã trả lời"),
        "done": _("Đã ghi yêu cầu."),
        "closed": _("Đã ghi câu trả lời."),
    }


async def page(request: Request) -> Response:
    """The list of requests, and a form for one on paper."""
    who, spoken = principal_of(request), locale_of(request)
    if who is None or not may_register_works(who):
        return closed_page(request, NotAllowed().sentence)
    return html_page(
        request, "person_requests.html", words=words(spoken), kinds=entry_words.kinds(spoken),
    )  # fmt: skip


async def listed(request: Request) -> Response:
    """All requests, the open ones first."""
    who, spoken = member_of(request), locale_of(request)
    found = await in_thread(lambda: person_requests.listed(context.store(), who))
    now = context.now()
    return json_response({"requests": [_line(each, now, spoken) for each in found]})


async def ask_on_paper(request: Request) -> Response:
    """Enter a request that came on paper."""
    document, who = await request_json.document(request, "code", "kind", "text", "received"), member_of(request)
    code = request_json.text(document["code"]).strip().upper()
    paper = PaperRequest(code, _kind(document["kind"]), reason_of(document["text"]), _day(document["received"]))
    await in_thread(lambda: person_requests.ask_on_paper(context.store(), who, paper, context.now()))
    return await listed(request)


async def close(request: Request) -> Response:
    """Record what was done about a request."""
    document, who = await request_json.document(request, "answer"), member_of(request)
    number, answer = request_json.digits(request.path_params["number"]), reason_of(document["answer"])
    await in_thread(lambda: person_requests.close(context.store(), who, number, answer, context.now()))
    return await listed(request)


async def document_html(request: Request) -> Response:
    """Everything about one author, to be read."""
    return await _document(request, "html")


async def document_json(request: Request) -> Response:
    """The same, for programs."""
    return await _document(request, "json")


async def _document(request: Request, form: str) -> Response:
    who, code, spoken = member_of(request), request.path_params["code"], locale_of(request)
    place = _place(request.path_params["place"])
    made = await in_thread(lambda: person_document.of_person(context.store(), who, code, place, context.now()))
    text, media = (_html(request, made), "text/html") if form == "html" else (_json(made, spoken), "application/json")
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(f'{code}-{place}.{form}')}",
        "cache-control": "no-store",
    }
    return Response(text, media_type=f"{media}; charset=utf-8", headers=headers)


async def mine(request: Request) -> Response:
    """Everything in the submission behind a private link: as a document to read, and for programs."""
    secret = request.headers.get(http_names.ENTRY_LINK_HEADER, "")
    view = await in_thread(lambda: submission_views.of_author(context.store(), secret, context.now()))
    made = person_document.of_link(view)
    return json_response({"code": view.row.code, "html": _html(request, made), "json": _json(made, locale_of(request))})


async def ask(request: Request) -> Response:
    """The author asks about their data; answers with the submission as it is then."""
    document = await request_json.document(request, "kind", "text")
    secret = request.headers.get(http_names.ENTRY_LINK_HEADER, "")
    kind, text = _kind(document["kind"]), reason_of(document["text"])
    await in_thread(lambda: person_requests.ask_online(context.store(), secret, kind, text, context.now()))
    return await entry.mine(request)


def routes() -> list[Route]:
    """The routes of this module."""
    return [
        Route("/board/submissions/requests", page),
        Route("/api/person-requests", refusing(listed)),
        Route("/api/person-requests", refusing(ask_on_paper, entry.faults_of), methods=["POST"]),
        Route("/api/person-requests/{number}/close", refusing(close), methods=["POST"]),
        Route("/export/person/{code}/{place}.html", refusing(document_html, entry.faults_of)),
        Route("/export/person/{code}/{place}.json", refusing(document_json, entry.faults_of)),
        Route(DATA, refusing(mine, entry.faults_of)),
        Route(ASK, refusing(ask, entry.faults_of), methods=["POST"]),
    ]


def _line(each: PersonRequest, now: datetime, locale: Locale) -> dict[str, Any]:
    return {
        "number": each.number,
        "code": each.submission,
        "title": each.title,
        "authors": each.authors,
        "kind": KIND_NAMES[each.kind].localize(locale),
        "received": Moment(each.received_at, seconds=False).localize(locale),
        "due": Moment(each.due_at, seconds=False).localize(locale),
        "overdue": each.closed_at is None and each.due_at < now,
        "text": each.text,
        "byAuthor": each.by_author,
        "answer": each.answer,
        "closed": Moment(each.closed_at, seconds=False).localize(locale) if each.closed_at else "",
    }


def _html(request: Request, made: PersonDocument) -> str:
    spoken = locale_of(request)
    return TEMPLATES.get_template("person_document.html").render(
        _=spoken.translate, language=language_of(request).value, name=made.name, sections=made.localized(spoken),
        at=Moment(context.now()).localize(spoken),
    )  # fmt: skip


def _json(made: PersonDocument, locale: Locale) -> str:
    sections = [
        {"title": title, "lines": [{"label": label, "value": value} for label, value in lines]}
        for title, lines in made.localized(locale)
    ]
    return json.dumps({"name": made.name, "sections": sections}, ensure_ascii=False, indent=1)


def _place(text: str) -> int:
    """An author's place in a path; 0, which nobody has, for what is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < DAY else 0


def _kind(value: object) -> RequestKind:
    if value not in tuple(RequestKind):
        raise BadRequest
    return RequestKind(str(value))


def _day(value: object) -> datetime:
    """The beginning of a day in Vietnam: the earliest that a paper of that day can have come."""
    text = request_json.text(value)
    try:
        return datetime.combine(datetime.fromisoformat(text[:DAY]).date(), time(), VIETNAM)
    except ValueError:
        raise person_requests.WrongDay from None
