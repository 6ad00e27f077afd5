"""The office's page of submissions, framed by `pages/secretary/submissions.py`, and its requests."""

from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.desk import context
from core.desk.entries import entry_door, incoming_films, registration, submission_views, submissions
from core.desk.entries.film_intake import Sent
from core.desk.entries.submission_views import SubmissionLine
from core.desk.entries.submissions import Read
from core.desk.finals import film_proposals, form_proposals
from core.desk.screening import screening_queue
from core.rules.access import NotAllowed
from core.rules.entries.author_window import author_in_time
from core.rules.entries.states import STATE_NAMES, Move
from core.rules.entries.terms import CURRENT
from core.rules.permissions import may_register_works
from core.rules.words import Locale, Moment, Refusal
from core.settings import settings
from core.web.entry import entry, entry_words
from core.web.entry.entry_json import form_of, view_json
from core.web.http import request_json
from core.web.http.browser_storage import owner_key
from core.web.http.request_json import BadRequest
from core.web.http.responses import (
    closed_page,
    html_page,
    in_thread,
    json_response,
    locale_of,
    member_of,
    principal_of,
    refusing,
)
from core.web.uploads.holders import holder_of, upload_area
from core.web.uploads.upload_words import words as upload_words

T = TypeVar("T")
LONGEST_REASON = 1000  # characters


class ReasonTooLong(Refusal):
    """The reason is longer than anybody reads."""

    def __init__(self) -> None:
        super().__init__("Lý do dài nhất {most} ký tự.", most=LONGEST_REASON)


def words(locale: Locale) -> dict[str, object]:
    """The texts of the page's script, beside those of the form."""
    _ = locale.translate
    return entry_words.words(locale) | {
        "enter": _("Nhập đơn"),
        "save": _("Lưu thay đổi"),
        "count": _("{shown} trong {all} đơn"),
        "none": _("Chưa có đơn dự thi nào. Tác giả nộp ở trang công khai /entry, hoặc bấm “Nhập đơn” để nhập hộ."),
        "noMatch": _("Không có đơn nào khớp."),
        "late": _("nộp muộn"),
        "noFilmYet": _("chưa có phim"),
        "why": _("{act} {code}: lý do"),
        "newLink": _("Tạo liên kết riêng mới"),
        "link": _("Liên kết riêng mới, chỉ hiện một lần; liên kết cũ không dùng được nữa:"),
        "registered": _("Đã nhập đơn {code}, biên nhận {receipt}."),
        "door": _("Đã đặt lối nộp trực tuyến."),
        "incoming": _("{name} ({megabytes} MB)"),
        "filmProposed": _("Đã gửi đề nghị thay phim; người khác cần xác nhận ở trang Danh sách chung kết."),
        "formProposed": _("Đã gửi đề nghị sửa đơn; người khác cần xác nhận ở trang Danh sách chung kết."),
        "toRead": _("tải tệp để đọc (HTML)"),
        "forPrograms": _("tải tệp dữ liệu (JSON)"),
    }


async def page(request: Request) -> Response:
    """The list of submissions, and one opened."""
    who, spoken = principal_of(request), locale_of(request)
    if who is None or not may_register_works(who):
        return closed_page(request, NotAllowed().sentence)
    state = await in_thread(lambda: entry_door.form_state(context.store(), context.now()))
    door = await in_thread(lambda: entry_door.door_of(context.store(), who))
    return html_page(
        request, "submissions.html", words={**words(spoken), "upload": upload_words(spoken)}, owner=owner_key(who), door=door,
        rules=state.contest.entries, late=not author_in_time(state.contest, None, state.now),
        links={key: name.localize(spoken) for key, name in entry_words.LINK_NAMES.items()},
        terms=[[term.key, term.version] for term in CURRENT.values()],
        states={each.value: name.localize(spoken) for each, name in STATE_NAMES.items()},
    )  # fmt: skip


async def listed(request: Request) -> Response:
    """All submissions, the newest first."""
    who, spoken = member_of(request), locale_of(request)
    lines = await in_thread(lambda: submission_views.listed(context.store(), who))
    progress = await in_thread(lambda: screening_queue.progress(context.store(), who, context.now()))
    screened = {"text": progress.sentence.localize(spoken), "late": progress.late}
    return json_response({"submissions": [_line(line, spoken) for line in lines], "screening": screened})


def _line(line: SubmissionLine, locale: Locale) -> dict[str, Any]:
    return {
        "code": line.code, "state": line.state.value, "stateName": STATE_NAMES[line.state].localize(locale),
        "title": line.title, "authors": line.authors, "unit": line.unit, "late": line.late,
        "at": Moment(line.registered_at, seconds=False).localize(locale), "film": line.has_film,
        "screening": line.screening.localize(locale) if line.screening else "",
    }  # fmt: skip


async def one(request: Request) -> Response:
    """One submission with its form and history."""
    who, code = member_of(request), request.path_params["code"]
    view = await in_thread(lambda: submission_views.of_office(context.store(), who, code))
    return json_response(view_json(view, locale_of(request)))


async def register(request: Request) -> Response:
    """Enter a work for its author; answers with the receipt."""
    document, who = await request_json.document(request, "form", "late_reason"), member_of(request)
    form, reason = form_of(document["form"]), reason_of(document["late_reason"])
    done = await in_thread(
        lambda: registration.register_by_office(context.store(), who, form, context.now(), late_reason=reason)
    )
    return json_response({"code": done.code, "receipt": done.receipt})


async def correct(request: Request) -> Response:
    """Correct a form, or propose it for a finalist, with a reason."""
    document, who = await request_json.document(request, "version", "form", "reason"), member_of(request)
    read, form, reason = _read(request, document), form_of(document["form"]), reason_of(document["reason"])
    await in_thread(lambda: form_proposals.correct(context.store(), who, read, form, reason, context.now()))
    return await one(request)


async def move(request: Request) -> Response:
    """Return, withdraw, disqualify or reinstate a work, with a reason."""
    document, who = await request_json.document(request, "version", "move", "reason"), member_of(request)
    read, reason = _read(request, document), reason_of(document["reason"])
    if document["move"] not in tuple(Move):
        raise BadRequest
    made = Move(document["move"])
    await in_thread(lambda: submissions.office_move(context.store(), who, read, made, reason, context.now()))
    return await one(request)


async def give_film(request: Request) -> Response:
    """Take a complete upload as the film of a submission, with a reason; past rules that the office may override if told so."""
    document, who = (
        await request_json.document(request, "version", "upload", "reason", "past_rules"),
        member_of(request),
    )
    code, version = request.path_params["code"], request_json.whole(document["version"])
    upload = request_json.text(document["upload"])[:64]
    sent = Sent(
        holder_of(request), upload, version, reason_of(document["reason"]), request_json.flag(document["past_rules"])
    )
    await in_thread(
        lambda: film_proposals.give_film(
            context.store(), who, upload_area(), settings().library, code, sent, context.now()
        ),
        entry.FILM_CHECKS,
    )
    return await one(request)


async def incoming(request: Request) -> Response:
    """The films in the folder on the server."""
    who = member_of(request)
    found = await in_thread(lambda: incoming_films.listed(who, settings().library))
    return json_response({"films": [{"name": each.name, "megabytes": each.bytes / 1e6} for each in found]})


async def give_incoming(request: Request) -> Response:
    """Take a film of the folder on the server for a submission, with a reason."""
    document = await request_json.document(request, "version", "name", "reason", "past_rules")
    who, code, name = member_of(request), request.path_params["code"], request_json.text(document["name"])
    version, reason = request_json.whole(document["version"]), reason_of(document["reason"])
    chosen = incoming_films.Chosen(name, version, reason, request_json.flag(document["past_rules"]))
    await in_thread(
        lambda: film_proposals.give_incoming_film(
            context.store(), who, upload_area(), settings().library, code, chosen, context.now()
        ),
        entry.FILM_CHECKS,
    )
    return await one(request)


async def link(request: Request) -> Response:
    """Make a new private link; answers with its secret, once."""
    document, who = await request_json.document(request, "version"), member_of(request)
    read = _read(request, document)
    secret = await in_thread(lambda: submissions.new_link(context.store(), who, read, context.now()))
    return json_response({"path": f"{entry.MINE}#{secret}"})


async def door(request: Request) -> Response:
    """Open or close the public form, and set the units' code."""
    document, who = await request_json.document(request, "open", "code", "seen_open", "seen_code"), member_of(request)
    opened, code = request_json.flag(document["open"]), request_json.text(document["code"])
    seen = entry_door.Door(request_json.flag(document["seen_open"]), request_json.text(document["seen_code"]))
    stored = await in_thread(
        lambda: entry_door.set_door(context.store(), who, opened=opened, code=code, now=context.now(), seen=seen)
    )
    return json_response({"open": stored.open, "code": stored.code})


def routes() -> list[Route]:
    """The routes of this module."""
    return [
        Route("/board/submissions", page),
        Route("/api/submissions", refusing(listed)),
        Route("/api/submissions", refusing(register, entry.faults_of), methods=["POST"]),
        Route("/api/submissions/{code}", refusing(one, entry.faults_of)),
        Route("/api/submissions/{code}/correct", refusing(correct, entry.faults_of), methods=["POST"]),
        Route("/api/submissions/{code}/move", refusing(move), methods=["POST"]),
        Route("/api/submissions/{code}/film", refusing(give_film, entry.faults_of), methods=["POST"]),
        Route("/api/submissions/{code}/incoming", refusing(give_incoming, entry.faults_of), methods=["POST"]),
        Route("/api/incoming-films", refusing(incoming)),
        Route("/api/submissions/{code}/link", refusing(link), methods=["POST"]),
        Route("/api/entry-door", refusing(door), methods=["POST"]),
    ]


def _read(request: Request, document: dict[str, Any]) -> Read:
    return Read(request.path_params["code"], request_json.whole(document["version"]))


def reason_of(value: object) -> str:
    """A reason in a request. Raises BadRequest, UnusableText, ReasonTooLong."""
    text = request_json.text(value)
    if len(text) > LONGEST_REASON:
        raise ReasonTooLong
    return text
