"""A submission's form and view as the pages' scripts exchange them."""

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

import msgspec

from core.desk.entries.submission_history import FIELD_NAMES, FieldChange, HistoryLine
from core.desk.entries.submission_views import SubmissionView
from core.rules.entries.form import MOST_AUTHORS, TEXT_FIELDS, Author, SubmissionForm, from_fields
from core.rules.entries.states import MOVES, STATE_NAMES
from core.rules.words import Locale, Moment, Sentence, film_time
from core.web.entry.entry_words import LINK_NAMES
from core.web.http import request_json
from core.web.http.request_json import BadRequest

LONGEST = 4000  # characters of one field: far above what the form accepts, which names the fault
MOST_CHARACTERS = 16_000  # of a whole form; the largest that is accepted has about 5,000
FORM_FIELDS = (*TEXT_FIELDS, "authors", "terms")


def form_of(value: object) -> SubmissionForm:
    """The form in a request. Raises BadRequest for anything that our pages do not send, UnusableText."""
    if not isinstance(value, dict) or set(value) != set(FORM_FIELDS):
        raise BadRequest
    fields, authors = {name: _text(value[name]) for name in TEXT_FIELDS}, _authors(value["authors"])
    if sum(map(len, (*fields.values(), *(text for author in authors for text in astuple(author))))) > MOST_CHARACTERS:
        raise BadRequest
    return from_fields(fields, authors, _terms(value["terms"]))


def _authors(value: object) -> tuple[Author, ...]:
    if not isinstance(value, list) or len(value) > MOST_AUTHORS + 1:
        raise BadRequest
    people = [request_json.texts(each) for each in value]
    if not all(set(each) == {"name", "birth", "phone"} for each in people):
        raise BadRequest
    return tuple(Author(_text(each["name"]), _text(each["birth"]), _text(each["phone"])) for each in people)


def _terms(value: object) -> tuple[tuple[str, int], ...]:
    if not isinstance(value, list) or len(value) > 20:
        raise BadRequest
    if not all(isinstance(each, list) and len(each) == 2 for each in value):
        raise BadRequest
    return tuple((_text(key), request_json.whole(version)) for key, version in value)


def _text(value: object) -> str:
    text = request_json.text(value)
    if len(text) > LONGEST:
        raise BadRequest
    return text


def view_json(view: SubmissionView, locale: Locale) -> dict[str, Any]:
    """A submission as its page shows it."""
    row = view.row
    return {
        "code": row.code,
        "version": row.version,
        "state": row.state.value,
        "stateName": STATE_NAMES[row.state].localize(locale),
        "receipt": view.receipt.receipt,
        "at": Moment(view.receipt.at).localize(locale),
        "late": row.late,
        "film": _film(view),
        "finalist": view.finalist,
        "waits": view.waits,
        "proposedFilm": view.proposed_film,
        "check": _check(view, locale),
        "form": msgspec.to_builtins(view.form),
        "moves": [{"key": move.value, "title": MOVES[move].title.localize(locale)} for move in view.moves],
        "notices": [each.localize(locale) for each in view.notices],
        "mayCorrect": view.may_correct,
        "toComplete": view.to_complete,
        "until": Moment(view.until, seconds=False).localize(locale) if view.until else "",
        "history": [_line(line, locale) for line in view.history],
    }


def _film(view: SubmissionView) -> Mapping[str, str] | None:
    row = view.row
    if row.film is None:
        return None
    return {"length": film_time(row.milliseconds or 0), "size": f"{row.width}×{row.height}", "hash": row.film}


def _check(view: SubmissionView, locale: Locale) -> dict[str, object] | None:
    """The check of the film, for its author."""
    check = view.check
    if check is None:
        return None
    lines = check.for_author(locale.language)
    return {"state": check.state.value, "percent": check.progress // 10, "good": check.good, "lines": lines}


def _line(line: HistoryLine, locale: Locale) -> dict[str, Any]:
    return {
        "at": Moment(line.at).localize(locale),
        "act": line.act.localize(locale),
        "person": _said(line.person, locale),
        "reason": line.reason,
        "changes": [change_json(each, locale) for each in line.changes],
    }


def change_json(change: FieldChange, locale: Locale) -> dict[str, str]:
    """A field before and after a change; what ties the author to the province is written in words."""
    before, after = change.before, change.after
    if change.field == FIELD_NAMES["link"]:
        before, after = (LINK_NAMES[each].localize(locale) if each in LINK_NAMES else each for each in (before, after))
    return {"field": change.field.localize(locale), "before": before, "after": after}


def _said(text: str | Sentence, locale: Locale) -> str:
    return text if isinstance(text, str) else text.localize(locale)
