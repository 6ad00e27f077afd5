"""The public page of the result: empty until the committee publishes, and again once two members take it back."""

from collections.abc import Iterable
from dataclasses import dataclass

import anyio
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from core.desk import context
from core.desk.awards import evidence, public_result
from core.desk.awards.public_result import AwardDocument, AwardRow, Section, StandingRow
from core.desk.awards.publication import NotPublished
from core.rules.vietnamese import money_in_words
from core.rules.words import Dong, Language, Locale, Moment, Refusal
from core.settings import settings
from core.web.http.responses import html_page, in_thread, language_of, locale_of, refusal_response

RESULTS, BUNDLE = "/results", "/results/evidence.zip"
OPEN = frozenset({RESULTS, BUNDLE})
LINKED = frozenset({RESULTS})  # other sites link to it, and the QR codes of papers
MAKING = anyio.CapacityLimiter(1)
LANGUAGE_NAMES = {Language.VI: "Tiếng Việt", Language.EN: "English"}


@dataclass(frozen=True, slots=True)
class Mark:
    """What the page says of the mark in its address (`?mark=187:7f3a91c208d45be1`)."""

    text: str
    sentence: str
    held: bool


async def results(request: Request) -> Response:
    """The published result, or that nothing is published; with `?mark=`, whether the ledger has that printed mark."""
    locale = locale_of(request)
    found = await in_thread(lambda: public_result.public_result(context.store()))
    asked = request.query_params.get("mark", "").strip()[:100]
    mark = await in_thread(lambda: _mark(asked, locale)) if asked else None
    return html_page(
        request, "results.html", found=found, mark=mark, at=lambda moment: Moment(moment).localize(locale),
        sections=_sections(found.document, locale), total=_total(found.document, locale),
        other=next((each.value, name) for each, name in LANGUAGE_NAMES.items() if each is not language_of(request)),
    )  # fmt: skip


async def bundle(request: Request) -> Response:
    """The bundle of evidence of the newest checkpoint as a ZIP. One is made at a time; the next readers get the same file."""
    try:
        path = await in_thread(lambda: evidence.archive(context.store(), settings().evidence), MAKING)
    except NotPublished as refusal:
        return refusal_response(request, refusal, 404)
    return FileResponse(path, media_type="application/zip", filename=path.name, headers={"cache-control": "no-cache"})


def routes() -> list[Route]:
    """The routes of this module."""
    return [Route(RESULTS, results, methods=["GET"]), Route(BUNDLE, bundle, methods=["GET"])]


def _mark(text: str, locale: Locale) -> Mark:
    _ = locale.translate
    try:
        held = public_result.has_mark(context.store(), text)
    except Refusal as refusal:
        return Mark(text, refusal.sentence.localize(locale), held=False)
    if held:
        return Mark(text, _("Sổ kết quả của cuộc thi có dòng mang dấu này."), held=True)
    return Mark(text, _("Sổ kết quả của cuộc thi không có dòng mang dấu này. Bản in không thuộc cuộc thi này, hoặc sổ đã bị viết lại."), held=False)  # fmt: skip


def _sections(document: AwardDocument | None, locale: Locale) -> list[dict[str, object]]:
    sections = document.sections if document is not None else ()
    return [
        {
            "heading": document.heading(section) if document is not None else "",
            "awards": [_award(row, section, locale) for row in section.awards],
            "withheld": [(each.prize_name, locale.count(each.quantity), each.why) for each in section.withheld],
            "standings": _standings(section.standings, section, locale),
            "score": section.score_name,
        }
        for section in sections
    ]


def _award(row: AwardRow, section: Section, locale: Locale) -> dict[str, str]:
    score = "" if row.score is None else locale.decimal(row.score, section.score_places)
    return {
        "prize": row.prize_name, "code": row.code, "title": row.title, "author": row.author, "unit": row.unit,
        "score": score, "amount": Dong(row.amount).localize(locale), "certificate": row.certificate, "why": row.why,
    }  # fmt: skip


def _standings(rows: Iterable[StandingRow], section: Section, locale: Locale) -> list[dict[str, str]]:
    return [
        {
            "place": "–" if row.place is None else locale.count(row.place), "code": row.code, "title": row.title,
            "score": "–" if row.score is None else locale.decimal(row.score, section.score_places),
            "sheets": locale.count(row.sheets), "note": row.note,
        }
        for row in rows
    ]  # fmt: skip


def _total(document: AwardDocument | None, locale: Locale) -> tuple[str, str, str]:
    """The number of prizes, their total, and the total in words (Vietnamese only); empty texts without a document."""
    if document is None:
        return "", "", ""
    in_words = money_in_words(document.total) if locale.language is Language.VI else ""
    return locale.count(len(document.awards)), Dong(document.total).localize(locale), in_words
