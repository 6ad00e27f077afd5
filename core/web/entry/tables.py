"""The office's page for tables of submissions: the template, the preview of a file, and the taking of its good rows.

The page sends the file with both requests, in base64: the server keeps nothing of it in between.
"""

import base64
import binascii
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.desk import context
from core.desk.submission_tables import submission_columns, table_import, table_preview
from core.desk.submission_tables.table_import import Chosen, PreviewOutdated, Taken
from core.desk.submission_tables.table_preview import MOST_ROWS, RowPreview, TablePreview
from core.desk.table_files.table import Fault
from core.rules.access import NotAllowed
from core.rules.entries.table_rows import OUTCOME_NAMES, RowOutcome
from core.rules.permissions import may_register_works
from core.rules.words import Locale, Refusal
from core.web.entry.entry_json import change_json
from core.web.entry.office import reason_of
from core.web.http import request_json
from core.web.http.request_body import LARGE_BODY_BYTES
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

TEMPLATE = "/export/submission-table.xlsx"
PREVIEW, TAKE = "/api/submission-table/preview", "/api/submission-table/take"
LARGE = frozenset({PREVIEW, TAKE})
LONGEST_NAME = 200  # characters of a file's name
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def words(locale: Locale) -> dict[str, str]:
    """The texts of the page's script."""
    _ = locale.translate
    return {
        "failed": _("Chưa gửi được: mất kết nối. Hãy bấm lại; không dòng nào được nhập hai lần."),
        "reading": _("Đang đọc bảng…"),
        "taking": _("Đang nhập…"),
        "summary": _("{name}: {new} đơn mới, {differs} khác, {same} giống đơn đã lưu, {faulty} có lỗi."),
        "empty": _("Bảng không có dòng nào dưới hàng tên cột."),
        "unread": _("Cột không được đọc: {columns}."),
        "take": _("Nhập {new} đơn mới, sửa {correct} đơn"),
        "takeNew": _("Nhập {new} đơn mới"),
        "takeCorrections": _("Sửa {correct} đơn"),
        "correct": _("Sửa đơn {code} theo dòng này"),
        "cell": _("{address} ({column}): {what}"),
        "row": _("{address}: {what}"),
        "suggestion": _("Có phải là “{suggestion}”?"),
        "line": _("Dòng"),
        "blank": _("(trống)"),
        "taken": _("Đã nhập {new} đơn mới, sửa {correct} đơn. {left} dòng không nhập, ghi rõ bên dưới."),
        "takenRow": _("Đã nhập: đơn {code}"),
        "correctedRow": _("Đã sửa đơn {code}"),
        "notChosen": _("Không chọn sửa"),
    }


async def page(request: Request) -> Response:
    """The page: template, file, preview, result."""
    who, spoken = principal_of(request), locale_of(request)
    if who is None or not may_register_works(who):
        return closed_page(request, NotAllowed().sentence)
    return html_page(
        request, "submission_table.html", words=words(spoken), template=TEMPLATE, most=MOST_ROWS,
        outcomes={each.value: name.localize(spoken) for each, name in OUTCOME_NAMES.items()},
    )  # fmt: skip


async def template(request: Request) -> Response:
    """The workbook to be filled in."""
    who, spoken = member_of(request), locale_of(request)
    made = await in_thread(lambda: submission_columns.template(context.store(), who, spoken))
    name = quote(spoken.translate("don-du-thi-mau.xlsx"))
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "cache-control": "no-store"}
    return Response(made, media_type=XLSX, headers=headers)


async def preview(request: Request) -> Response:
    """What every row of a file would do."""
    document = await request_json.document(request, "name", "file", most=LARGE_BODY_BYTES)
    who, (name, data) = member_of(request), _file(document)
    found = await in_thread(lambda: table_preview.preview(context.store(), who, data, name, context.now()))
    return json_response(_preview_json(found, locale_of(request)))


async def take(request: Request) -> Response:
    """Take the new rows of a file, and the chosen differences."""
    names = ("name", "file", "seen", "correct", "reason", "late_reason")
    document, who = await request_json.document(request, *names, most=LARGE_BODY_BYTES), member_of(request)
    name, data = _file(document)
    chosen = Chosen(
        request_json.text(document["seen"]), _numbers(document["correct"]), reason_of(document["reason"]),
        reason_of(document["late_reason"]),
    )  # fmt: skip
    done = await in_thread(lambda: table_import.take(context.store(), who, data, name, chosen, context.now()))
    return json_response(_taken_json(done, locale_of(request)))


async def _outdated(request: Request, refusal: Refusal) -> tuple[int, dict[str, Any]]:
    if isinstance(refusal, PreviewOutdated):
        return 409, {"preview": _preview_json(refusal.preview, locale_of(request))}
    return 409, {}


def routes() -> list[Route]:
    """The routes of this module."""
    return [
        Route("/board/submissions/table", page),
        Route(TEMPLATE, refusing(template)),
        Route(PREVIEW, refusing(preview), methods=["POST"]),
        Route(TAKE, refusing(take, _outdated), methods=["POST"]),
    ]


def _file(document: dict[str, Any]) -> tuple[str, bytes]:
    name = request_json.text(document["name"])
    if len(name) > LONGEST_NAME:
        raise BadRequest
    try:
        return name, base64.b64decode(request_json.text(document["file"]), validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest from None


def _numbers(value: object) -> frozenset[int]:
    if not isinstance(value, list) or len(value) > MOST_ROWS:
        raise BadRequest
    return frozenset(map(request_json.whole, value))


def _preview_json(found: TablePreview, locale: Locale) -> dict[str, Any]:
    return {
        "name": found.table.table.name,
        "seen": found.seen,
        "late": found.late,
        "unread": list(found.table.unread),
        "faults": [_fault(each, locale) for each in found.table.table.faults],
        "counts": {each.value: found.count(each) for each in RowOutcome},
        "rows": [_row(row, locale) for row in found.rows],
    }


def _taken_json(done: Taken, locale: Locale) -> dict[str, Any]:
    return {
        "taken": [
            {"number": row.number, "code": row.code, "title": row.title, "outcome": row.outcome.value}
            for row in done.rows
        ],
        "left": [_row(row, locale) for row in done.left],
    }


def _row(row: RowPreview, locale: Locale) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "authors": row.authors,
        "outcome": row.outcome.value,
        "outcomeName": OUTCOME_NAMES[row.outcome].localize(locale),
        "code": row.code,
        "changes": [change_json(each, locale) for each in row.changes],
        "faults": [_fault(each, locale) for each in row.faults],
        "notices": [each.localize(locale) for each in row.notices],
    }


def _fault(fault: Fault, locale: Locale) -> dict[str, Any]:
    return {
        "address": fault.address, "column": fault.title, "what": fault.what.localize(locale), "warning": fault.warning,
        "suggestion": fault.suggestion,
    }  # fmt: skip
