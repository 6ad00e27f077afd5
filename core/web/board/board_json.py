"""How the board is put to a listener: numbers written by the reader's habits, sentences in the reader's language.

What is not in these two functions is not sent: the board holds no author, no judge and no single mark; the progress
holds counts alone.
"""

from core.desk.standings.standings_board import Board, Line, Progress
from core.live.snapshot import Json, Picture
from core.rules.words import Moment, Sentence, Tongue


def progress(counts: Progress, tongue: Tongue) -> Picture:
    """The public's picture: how complete, and until when."""
    return Picture(counts.revision, _counts(counts, tongue))


def board(found: Board, tongue: Tongue) -> Picture:
    """The committee's picture: the answer above, a window of the standings below."""
    leaders: Json = [{"code": line.entry, "title": line.title} for line in found.leaders]
    head = {
        **_counts(found.progress, tongue),
        "leaders": leaders,
        "margin": _margin(found, tongue),
        "confirmed": found.confirmed,
        "lines": found.progress.works - found.hidden,
        "hidden": _hidden(found, tongue),
    }
    rows = {str(line.entry): _line(line, found.decimals, tongue) for line in found.lines}
    return Picture(found.progress.revision, head, tuple(rows), rows)


def _counts(counts: Progress, tongue: Tongue) -> dict[str, Json]:
    return {
        "sheets": counts.sheets,
        "expected": counts.expected,
        "complete": counts.complete,
        "works": counts.works,
        "closes": _closes(counts, tongue),
    }


def _closes(counts: Progress, tongue: Tongue) -> str | None:
    if counts.closed:
        return tongue.translate("Vòng chấm đã đóng")
    if counts.closes is None:
        return None
    return Sentence("Hạn nộp phiếu: {at}", {"at": Moment(counts.closes, seconds=False)}).said(tongue)


def _margin(found: Board, tongue: Tongue) -> str | None:
    if not found.leaders or found.leaders[0].score is None:
        return None
    score = tongue.decimal(found.leaders[0].score, found.decimals)
    if found.by_ranks is not None:
        return Sentence("{name} {score}", {"name": found.by_ranks, "score": score}).said(tongue)
    if found.margin is None or len(found.leaders) > 1:
        return Sentence("{score} điểm", {"score": score}).said(tongue)
    if found.margin == 0:
        return Sentence(
            "{score} điểm, bằng tác phẩm kế tiếp; xếp trước theo quy định khi bằng điểm", {"score": score}
        ).said(tongue)
    facts = {"score": score, "margin": tongue.decimal(found.margin, found.decimals)}
    return Sentence("{score} điểm, hơn tác phẩm kế tiếp {margin} điểm", facts).said(tongue)


def _hidden(found: Board, tongue: Tongue) -> str | None:
    """What is left out for a reader who still marks."""
    if not found.hidden:
        return None
    facts = {"shown": found.progress.works - found.hidden, "works": found.progress.works}
    return Sentence(
        "Chỉ gồm {shown}/{works} tác phẩm bạn đã nộp phiếu hoặc không chấm; hạng tính trong số đó.", facts
    ).said(tongue)


def _line(line: Line, decimals: int, tongue: Tongue) -> dict[str, Json]:
    return {
        "title": line.title,
        "place": line.place,
        "score": None if line.score is None else tongue.decimal(line.score, decimals),
        "sheets": line.sheets,
        "expected": line.expected,
        "spread": None if line.spread is None else tongue.decimal(line.spread, decimals),
        "wide": line.wide,
        "why": line.tie_break.said(tongue) if line.tie_break else None,
        "note": line.note.said(tongue) if line.note else None,
        "prizes": line.prizes,
        "open": line.undecided,
    }
