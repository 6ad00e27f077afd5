"""A file held against the contest's rules for works, one verdict to a rule (plan III.4)."""

from dataclasses import dataclass
from pathlib import Path

from core.media.boxes import walk
from core.media.probe import Film, NotAFilm, probe
from core.rules.contest import VideoRules
from core.rules.words import Points, Sentence


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule and how the file stands to it."""

    kept: bool
    says: Sentence


@dataclass(frozen=True, slots=True)
class Inspection:
    """Every verdict on a file, and its film where one could be read."""

    verdicts: tuple[Verdict, ...]
    film: Film | None

    @property
    def kept(self) -> bool:
        """True where every rule is kept."""
        return all(verdict.kept for verdict in self.verdicts)


def inspect(path: Path, rules: VideoRules) -> Inspection:
    """Hold the file against the rules: whole, readable, of the right container, size, length, with sound."""
    if rules.container == "mp4":
        boxes = walk(path)
        if boxes.problem is not None:
            return Inspection((Verdict(False, boxes.problem),), None)
    whole = Verdict(True, Sentence("Tệp {container} nguyên vẹn.", {"container": rules.container.upper()}))
    try:
        film = probe(path)
    except NotAFilm as unread:
        return Inspection((whole, Verdict(False, unread.sentence)), None)
    return Inspection((whole, _size(film, rules), _length(film, rules), _sound(film, rules)), film)


def _size(film: Film, rules: VideoRules) -> Verdict:
    allowed = ", ".join(f"{width}×{height}" for width, height in rules.sizes)
    facts = {"size": f"{film.width}×{film.height}", "allowed": allowed}
    if (film.width, film.height) in rules.sizes:
        return Verdict(True, Sentence("Khung hình {size}.", facts))
    return Verdict(False, Sentence("Khung hình {size}; thể lệ nhận {allowed}.", facts))


def _length(film: Film, rules: VideoRules) -> Verdict:
    least, most = rules.seconds
    facts = {"length": Points(film.milliseconds, 3), "least": least, "most": most}
    slack = rules.tolerance_s * 1000
    if least * 1000 - slack <= film.milliseconds <= most * 1000 + slack:
        return Verdict(True, Sentence("Thời lượng {length} giây.", facts))
    return Verdict(False, Sentence("Thời lượng {length} giây; thể lệ nhận từ {least} đến {most} giây.", facts))


def _sound(film: Film, rules: VideoRules) -> Verdict:
    if film.sound is not None:
        return Verdict(True, Sentence("Có âm thanh ({codec}).", {"codec": film.sound}))
    if rules.audio:
        return Verdict(False, Sentence("Không có âm thanh; thể lệ yêu cầu phải có."))
    return Verdict(True, Sentence("Không có âm thanh; thể lệ không yêu cầu."))
