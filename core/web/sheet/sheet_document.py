"""A judge's sheet as it goes over the wire: numbers written by the reader's habits, nothing a judge may not see."""

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
from core.rules.words import VIETNAM, Locale, Moment, Sentence

Document = dict[str, Any]


def opened(sheet: OpenSheet, locale: Locale) -> Document:
    """Everything the marking page shows."""
    contest, work = sheet.contest, sheet.work
    return {
        "code": work.code, "title": work.title, "author": work.author, "unit": work.unit,
        "milliseconds": work.milliseconds, "duration": clock(work.milliseconds), "poster": work.has_poster,
        "sound": contest.entries.video.audio,
        "state": sheet.state.value, "read_only": _said(sheet.read_only, locale),
        "return_reason": sheet.return_reason, "receipt": receipt(sheet.receipt, locale) if sheet.receipt else None,
        "saved": _time(sheet.saved_at), "closes": Moment(sheet.closes_at, seconds=False).localize(locale) if sheet.closes_at else None,
        "out_of": _out_of(contest, locale), "weighted": _weighted(contest),
        "criteria": [_criterion(criterion, locale) for criterion in contest.criteria],
        "notes": [{"id": note.id, "at_ms": note.at_ms, "at": clock(note.at_ms), "text": note.text} for note in sheet.notes],
        "watched": [list(interval) for interval in sheet.watched], **watched(sheet.watched_share),
        "watched_needed": -(-contest.judging.watched_share // 100), "next": sheet.next_code,
        **values(contest, sheet.version, sheet.marks, sheet.remarks, sheet.total, locale),
    }  # fmt: skip


def saved(contest: Contest, kept: Saved, locale: Locale) -> Document:
    """The answer to a save: what is kept now, and what it comes to."""
    told = values(contest, kept.version, kept.marks, {}, kept.total, locale)
    return {**told, "saved": _time(kept.saved_at)}


def stands(contest: Contest, stale: StaleVersion, locale: Locale) -> Document:
    """What a sheet holds that was changed elsewhere."""
    now = stale.now
    held = values(contest, now.version, now.marks, now.remarks, subtotal(contest, now.marks), locale)
    return {"state": now.state, "saved": _time(moment(now.saved_at)), **held}


def values(
    contest: Contest, version: int, marks: Mapping[str, int], remarks: Mapping[str, str], units: int, locale: Locale
) -> Document:
    """What a sheet holds: its marks as written, the level each reaches, and the total so far."""
    given = [criterion for criterion in contest.criteria if criterion.key in marks]
    return {
        "version": version,
        "marks": {criterion.key: points(marks[criterion.key], criterion.step, locale) for criterion in given},
        "levels": {criterion.key: _level(criterion, marks[criterion.key]) for criterion in given},
        "remarks": dict(remarks),
        "total": total(contest, units, locale) if given else None,
        "missing": [criterion.key for criterion in contest.criteria if criterion.key not in marks],
        **({"sum": _sum(contest, {c: marks[c.key] for c in given}, units, locale)} if _weighted(contest) else {}),
    }


def receipt(made: Receipt, locale: Locale) -> Document:
    """What a judge keeps of a submitted sheet."""
    return {"text": made.text, "revision": made.revision, "at": Moment(made.sealed_at).localize(locale)}


def by_field(why: Sentence, locale: Locale) -> str:
    """What is wrong with a field, said beside it: without the criterion's name, which stands there already."""
    return why.localize(locale).removeprefix(f"{why.facts.get('criterion', '')}: ")


def watched(share: int) -> Document:
    """The share of the film that was seen, in whole percent, rounded down."""
    return {"watched_percent": share // 100}


def points(hundredths: int, step: int, locale: Locale) -> str:
    """A mark with as many decimals as its step has."""
    places = _places(step)
    return locale.decimal(hundredths // 10 ** (2 - places), places)


def total(contest: Contest, units: int, locale: Locale) -> str:
    """A sheet's total as it is written: "85,5"."""
    return judge_sheets.total_points(contest, units).localize(locale)


def exact(value: Fraction, locale: Locale) -> str:
    """A ratio without rounding: a decimal of at most three places where there is one ("1,5"), else a fraction ("25/3")."""
    places = next((places for places in range(4) if (value * 10**places).denominator == 1), None)
    return str(value) if places is None else locale.decimal(int(value * 10**places), places)


def clock(milliseconds: int) -> str:
    """A moment of a film: "4:05"."""
    return f"{milliseconds // 60_000}:{milliseconds // 1000 % 60:02d}"


def _weighted(contest: Contest) -> bool:
    return any(criterion.weight != 1 for criterion in contest.criteria)


def _out_of(contest: Contest, locale: Locale) -> str:
    """What a total is out of, read after it: "/ 100"; a fraction is parted from the total by a word."""
    maximum = exact(Fraction(contest.maximum_total, 100 * contest.weight_scale), locale)
    return Sentence("trên {maximum}", {"maximum": maximum}).localize(locale) if "/" in maximum else f"/ {maximum}"


def _sum(contest: Contest, given: Mapping[Criterion, int], units: int, locale: Locale) -> str:
    """How the total comes about: "8,5 × 1,5 + 7 = 19,75"; nothing before the first mark."""
    if not given:
        return ""
    parts = [
        points(mark, criterion.step, locale)
        + ("" if criterion.weight == 1 else f" × {exact(criterion.weight, locale)}")
        for criterion, mark in given.items()
    ]
    shown = judge_sheets.total_points(contest, units)
    facts = {"sum": " + ".join(parts), "total": shown, "places": shown.places}
    if Fraction(units, 100 * contest.weight_scale) == Fraction(shown.units, 10**shown.places):
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
    """Points of the rubric itself, with no more decimals than they need: "36", "29,5"."""
    return points(hundredths, hundredths, locale)


def _level(criterion: Criterion, mark: int) -> int | None:
    """The best level the mark reaches, counted from the best."""
    return next((place for place, level in enumerate(criterion.levels) if mark >= level.least), None)


def _time(at: datetime | None) -> str | None:
    return at.astimezone(VIETNAM).strftime("%H:%M:%S") if at else None


def _said(sentence: Sentence | None, locale: Locale) -> str | None:
    return sentence.localize(locale) if sentence else None
