"""The board and the progress as JSON snapshots: numbers and sentences formatted in the subscriber's locale.

Only what these two functions list is sent. The board contains no author, no judge and no single mark; the progress
contains only counts.
"""

from core.desk.standings.standings_board import Board, Line, Progress
from core.live.snapshot import Json, Snapshot
from core.rules.words import Locale, Moment, Sentence


def progress(counts: Progress, locale: Locale) -> Snapshot:
    """The public snapshot: the counts, and the deadline for sheets."""
    return Snapshot(counts.revision, _counts(counts, locale))


def board(found: Board, locale: Locale) -> Snapshot:
    """The committee's snapshot: the leaders and counts as its head, one window of the standings as its rows."""
    leaders: Json = [{"code": line.entry, "title": line.title} for line in found.leaders]
    head = {
        **_counts(found.progress, locale),
        "leaders": leaders,
        "margin": _margin(found, locale),
        "confirmed": found.confirmed,
        "lines": found.progress.works - found.hidden,
        "hidden": _hidden(found, locale),
    }
    rows = {str(line.entry): _line(line, found.decimals, locale) for line in found.lines}
    return Snapshot(found.progress.revision, head, tuple(rows), rows)


def _counts(counts: Progress, locale: Locale) -> dict[str, Json]:
    return {
        "sheets": counts.sheets,
        "expected": counts.expected,
        "complete": counts.complete,
        "works": counts.works,
        "closes": _closes(counts, locale),
    }


def _closes(counts: Progress, locale: Locale) -> str | None:
    if counts.closed:
        return locale.translate("Vòng chấm đã đóng")
    if counts.closes is None:
        return None
    return Sentence("Hạn nộp phiếu: {at}", {"at": Moment(counts.closes, seconds=False)}).localize(locale)


def _margin(found: Board, locale: Locale) -> str | None:
    if not found.leaders or found.leaders[0].score is None:
        return None
    score = locale.decimal(found.leaders[0].score, found.decimals)
    if found.by_ranks is not None:
        return Sentence("{name} {score}", {"name": found.by_ranks, "score": score}).localize(locale)
    if found.margin is None or len(found.leaders) > 1:
        return Sentence("{score} điểm", {"score": score}).localize(locale)
    if found.margin == 0:
        return Sentence(
            "{score} điểm, bằng tác phẩm kế tiếp; xếp trước theo quy định khi bằng điểm", {"score": score}
        ).localize(locale)
    facts = {"score": score, "margin": locale.decimal(found.margin, found.decimals)}
    return Sentence("{score} điểm, hơn tác phẩm kế tiếp {margin} điểm", facts).localize(locale)


def _hidden(found: Board, locale: Locale) -> str | None:
    """A sentence about the works hidden from a judge who still has to mark them; None if none is hidden."""
    if not found.hidden:
        return None
    facts = {"shown": found.progress.works - found.hidden, "works": found.progress.works}
    return Sentence(
        "Chỉ gồm {shown}/{works} tác phẩm bạn đã nộp phiếu hoặc không chấm; hạng tính trong số đó.", facts
    ).localize(locale)


def _line(line: Line, decimals: int, locale: Locale) -> dict[str, Json]:
    return {
        "title": line.title,
        "place": line.place,
        "score": None if line.score is None else locale.decimal(line.score, decimals),
        "sheets": line.sheets,
        "expected": line.expected,
        "spread": None if line.spread is None else locale.decimal(line.spread, decimals),
        "wide": line.wide,
        "why": line.tie_break.localize(locale) if line.tie_break else None,
        "note": line.note.localize(locale) if line.note else None,
        "prizes": line.prizes,
        "open": line.undecided,
    }
