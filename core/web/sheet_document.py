"""A judge's sheet as it goes over the wire: numbers written by the reader's habits, nothing a judge may not see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.desk.house import moment
from core.desk.judging import Receipt, Saved, subtotal
from core.desk.sheet_refusals import StaleVersion
from core.desk.viewing import OpenSheet
from core.rules.contest import Contest, Criterion
from core.rules.words import VIETNAM, Moment, Sentence, Tongue

Document = dict[str, Any]


def opened(sheet: OpenSheet, tongue: Tongue) -> Document:
    """Everything the marking page shows."""
    contest, work = sheet.contest, sheet.work
    return {
        "code": work.code, "title": work.title, "author": work.author, "unit": work.unit,
        "milliseconds": work.milliseconds, "duration": clock(work.milliseconds), "poster": work.has_poster,
        "sound": contest.entries.video.audio,
        "state": sheet.state.value, "read_only": _said(sheet.read_only, tongue),
        "return_reason": sheet.return_reason, "receipt": receipt(sheet.receipt, tongue) if sheet.receipt else None,
        "saved": _time(sheet.saved_at), "closes": Moment(sheet.closes_at, seconds=False).said(tongue) if sheet.closes_at else None,
        "maximum": _short(contest.maximum_total // contest.weight_scale, tongue),
        "criteria": [_criterion(criterion, tongue) for criterion in contest.criteria],
        "notes": [{"id": note.id, "at_ms": note.at_ms, "at": clock(note.at_ms), "text": note.text} for note in sheet.notes],
        "watched": [list(interval) for interval in sheet.watched], **watched(sheet.watched_share),
        "watched_needed": -(-contest.judging.watched_share // 100), "next": sheet.next_code,
        **values(contest, sheet.version, sheet.marks, sheet.remarks, sheet.total, tongue),
    }  # fmt: skip


def saved(contest: Contest, kept: Saved, tongue: Tongue) -> Document:
    """The answer to a save: what is kept now, and what it comes to."""
    told = values(contest, kept.version, kept.marks, {}, kept.total, tongue)
    return {**told, "saved": _time(kept.saved_at)}


def stands(contest: Contest, stale: StaleVersion, tongue: Tongue) -> Document:
    """What a sheet holds that was changed elsewhere."""
    now = stale.now
    held = values(contest, now.version, now.marks, now.remarks, subtotal(contest, now.marks), tongue)
    return {"state": now.state, "saved": _time(moment(now.saved_at)), **held}


def values(
    contest: Contest, version: int, marks: Mapping[str, int], remarks: Mapping[str, str], units: int, tongue: Tongue
) -> Document:
    """What a sheet holds: its marks as written, the level each reaches, and the total so far."""
    given = [criterion for criterion in contest.criteria if criterion.key in marks]
    return {
        "version": version,
        "marks": {criterion.key: points(marks[criterion.key], criterion.step, tongue) for criterion in given},
        "levels": {criterion.key: _level(criterion, marks[criterion.key]) for criterion in given},
        "remarks": dict(remarks),
        "total": total(contest, units, tongue) if given else None,
        "missing": [criterion.key for criterion in contest.criteria if criterion.key not in marks],
    }


def receipt(made: Receipt, tongue: Tongue) -> Document:
    """What a judge keeps of a submitted sheet."""
    return {"text": made.text, "revision": made.revision, "at": Moment(made.sealed_at).said(tongue)}


def by_field(why: Sentence, tongue: Tongue) -> str:
    """What is wrong with a field, said beside it: without the criterion's name, which stands there already."""
    return why.said(tongue).removeprefix(f"{why.facts.get('criterion', '')}: ")


def watched(share: int) -> Document:
    """The share of the film that was seen, in whole percent, rounded down."""
    return {"watched_percent": share // 100}


def points(hundredths: int, step: int, tongue: Tongue) -> str:
    """A mark with as many decimals as its step has."""
    places = _places(step)
    return tongue.decimal(hundredths // 10 ** (2 - places), places)


def total(contest: Contest, units: int, tongue: Tongue) -> str:
    """A total with as many decimals as the steps can make; with fractional weights two, half up."""
    scale = contest.weight_scale
    if scale > 1:
        return tongue.decimal((2 * units + scale) // (2 * scale), 2)
    places = max(_places(criterion.step) for criterion in contest.criteria)
    return tongue.decimal(units // 10 ** (2 - places), places)


def clock(milliseconds: int) -> str:
    """A moment of a film: "4:05"."""
    return f"{milliseconds // 60_000}:{milliseconds // 1000 % 60:02d}"


def _places(step: int) -> int:
    return 0 if step % 100 == 0 else 1 if step % 10 == 0 else 2


def _criterion(criterion: Criterion, tongue: Tongue) -> Document:
    tops = [criterion.maximum, *(level.least - criterion.step for level in criterion.levels)]
    return {
        "key": criterion.key,
        "name": criterion.name,
        "maximum": _short(criterion.maximum, tongue),
        "step": _short(criterion.step, tongue),
        "levels": [
            {"range": _range(level.least, top, tongue), "says": level.says}
            for level, top in zip(criterion.levels, tops, strict=False)
        ],
    }


def _range(least: int, top: int, tongue: Tongue) -> str:
    return _short(least, tongue) if least == top else f"{_short(least, tongue)}\u2013{_short(top, tongue)}"


def _short(hundredths: int, tongue: Tongue) -> str:
    """Points of the rubric itself, with no more decimals than they need: "36", "29,5"."""
    return points(hundredths, hundredths, tongue)


def _level(criterion: Criterion, mark: int) -> int | None:
    """The best level the mark reaches, counted from the best."""
    return next((place for place, level in enumerate(criterion.levels) if mark >= level.least), None)


def _time(at: datetime | None) -> str | None:
    return at.astimezone(VIETNAM).strftime("%H:%M:%S") if at else None


def _said(sentence: Sentence | None, tongue: Tongue) -> str | None:
    return sentence.said(tongue) if sentence else None
