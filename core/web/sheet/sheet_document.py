"""A judge's sheet as JSON: numbers formatted in the reader's locale, and nothing that the judge may not see."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from core.desk.context import moment
from core.desk.judging import judge_sheets
from core.desk.judging.judge_queue import OpenSheet
from core.desk.judging.judge_sheets import Receipt, Saved, subtotal
from core.desk.judging.sheet_refusals import StaleVersion
from core.rules.contest import Contest, Criterion
from core.rules.words import VIETNAM, Locale, Moment, Sentence, film_time

Document = dict[str, Any]


def opened(sheet: OpenSheet, locale: Locale) -> Document:
    """All data of the marking page."""
    contest, work = sheet.contest, sheet.work
    return {
        "code": work.code, "title": work.title, "author": work.author, "unit": work.unit,
        "milliseconds": work.milliseconds, "duration": film_time(work.milliseconds), "poster": work.has_poster,
        "light": sheet.has_light_copy,
        "sound": contest.entries.video.audio,
        "state": sheet.state.value, "read_only": _localized(sheet.read_only, locale),
        "return_reason": sheet.return_reason, "receipt": receipt(sheet.receipt, locale) if sheet.receipt else None,
        "saved": _time(sheet.saved_at), "closes": Moment(sheet.closes_at, seconds=False).localize(locale) if sheet.closes_at else None,
        "out_of": _out_of(contest, locale), "weighted": _weighted(contest),
        "criteria": [_criterion(criterion, locale) for criterion in contest.criteria],
        "notes": [{"id": note.id, "at_ms": note.at_ms, "at": film_time(note.at_ms), "text": note.text} for note in sheet.notes],
        "watched": [list(interval) for interval in sheet.watched], **watched(sheet.watched_share),
        "watched_needed": -(-contest.judging.watched_share // 100), "next": sheet.next_code,
        **values(contest, sheet.version, sheet.marks, sheet.remarks, sheet.total, locale),
    }  # fmt: skip


def saved(contest: Contest, stored: Saved, locale: Locale) -> Document:
    """The response to a save: the stored version, marks and total. Its `remarks` are empty: they are not sent back."""
    document = values(contest, stored.version, stored.marks, {}, stored.total, locale)
    return {**document, "saved": _time(stored.saved_at)}


def current(contest: Contest, stale: StaleVersion, locale: Locale) -> Document:
    """The stored values of a sheet that was changed elsewhere."""
    now = stale.now
    document = values(contest, now.version, now.marks, now.remarks, subtotal(contest, now.marks), locale)
    return {"state": now.state, "saved": _time(moment(now.saved_at)), **document}


def values(
    contest: Contest, version: int, marks: Mapping[str, int], remarks: Mapping[str, str], units: int, locale: Locale
) -> Document:
    """A sheet's values: formatted marks, the level index each reaches, the remarks and the total so far.

    `units` is the total in the contest's units.
    """
    marked = [criterion for criterion in contest.criteria if criterion.key in marks]
    return {
        "version": version,
        "marks": {criterion.key: points(marks[criterion.key], criterion.step, locale) for criterion in marked},
        "levels": {criterion.key: _level(criterion, marks[criterion.key]) for criterion in marked},
        "remarks": dict(remarks),
        "total": total(contest, units, locale) if marked else None,
        "missing": [criterion.key for criterion in contest.criteria if criterion.key not in marks],
        **({"sum": _sum(contest, {c: marks[c.key] for c in marked}, units, locale)} if _weighted(contest) else {}),
    }


def receipt(made: Receipt, locale: Locale) -> Document:
    """The receipt of a submitted sheet."""
    return {"text": made.text, "revision": made.revision, "at": Moment(made.sealed_at).localize(locale)}


def by_field(why: Sentence, locale: Locale) -> str:
    """The error text shown beside a field: without the criterion's name, which is already there."""
    return why.localize(locale).removeprefix(f"{why.facts.get('criterion', '')}: ")


def watched(share: int) -> Document:
    """The watched share of the film in whole percent, rounded down; `share` is in hundredths of a percent."""
    return {"watched_percent": share // 100}


def points(hundredths: int, step: int, locale: Locale) -> str:
    """A mark, formatted with as many decimals as its step has. Both are in hundredths of a point."""
    places = _places(step)
    return locale.decimal(hundredths // 10 ** (2 - places), places)


def total(contest: Contest, units: int, locale: Locale) -> str:
    """A sheet's total as text: "85,5"."""
    return judge_sheets.total_points(contest, units).localize(locale)


def exact(value: Fraction, locale: Locale) -> str:
    """A ratio as text without rounding: a decimal of at most three places ("1,5"), or else a fraction ("25/3")."""
    places = next((places for places in range(4) if (value * 10**places).denominator == 1), None)
    return str(value) if places is None else locale.decimal(int(value * 10**places), places)


def _weighted(contest: Contest) -> bool:
    return any(criterion.weight != 1 for criterion in contest.criteria)


def _out_of(contest: Contest, locale: Locale) -> str:
    """The maximum total, to be shown after a total: "/ 100". Before a fraction a word stands instead of the slash."""
    maximum = exact(Fraction(contest.maximum_total, 100 * contest.weight_scale), locale)
    return Sentence("trên {maximum}", {"maximum": maximum}).localize(locale) if "/" in maximum else f"/ {maximum}"


def _sum(contest: Contest, marked: Mapping[Criterion, int], units: int, locale: Locale) -> str:
    """The calculation of the total as text: "8,5 × 1,5 + 7 = 19,75"; empty before the first mark."""
    if not marked:
        return ""
    parts = [
        points(mark, criterion.step, locale)
        + ("" if criterion.weight == 1 else f" × {exact(criterion.weight, locale)}")
        for criterion, mark in marked.items()
    ]
    total_points = judge_sheets.total_points(contest, units)
    facts = {"sum": " + ".join(parts), "total": total_points, "places": total_points.places}
    if Fraction(units, 100 * contest.weight_scale) == Fraction(total_points.units, 10**total_points.places):
        return Sentence("Tổng điểm = {sum} = {total}", facts).localize(locale)
    return Sentence("Tổng điểm = {sum} ≈ {total} (làm tròn đến {places} chữ số thập phân)", facts).localize(locale)


def _places(step: int) -> int:
    return 0 if step % 100 == 0 else 1 if step % 10 == 0 else 2


def _criterion(criterion: Criterion, locale: Locale) -> Document:
    tops = [criterion.maximum, *(level.least - criterion.step for level in criterion.levels)]
    return {
        "key": criterion.key,
        "name": criterion.name,
        "maximum": _short(criterion.maximum, locale),
        "weight": None if criterion.weight == 1 else exact(criterion.weight, locale),
        "step": _short(criterion.step, locale),
        "levels": [
            {"range": _range(level.least, top, locale), "says": level.says}
            for level, top in zip(criterion.levels, tops, strict=False)
        ],
    }


def _range(least: int, top: int, locale: Locale) -> str:
    return _short(least, locale) if least == top else f"{_short(least, locale)}\u2013{_short(top, locale)}"


def _short(hundredths: int, locale: Locale) -> str:
    """Points of the rubric with no more decimals than needed: "36", "29,5"."""
    return points(hundredths, hundredths, locale)


def _level(criterion: Criterion, mark: int) -> int | None:
    """The index of the best level that the mark reaches, 0 being the best level; None if it reaches none."""
    return next((place for place, level in enumerate(criterion.levels) if mark >= level.least), None)


def _time(at: datetime | None) -> str | None:
    return at.astimezone(VIETNAM).strftime("%H:%M:%S") if at else None


def _localized(sentence: Sentence | None, locale: Locale) -> str | None:
    return sentence.localize(locale) if sentence else None
