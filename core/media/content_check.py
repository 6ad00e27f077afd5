"""Judges what a full decoding of a film found: what fails the rules, and what a person should look at.

The thresholds are the desk's, not the plan's: nothing here excludes a work by itself, except a film that cannot be decoded
whole, or has no picture or no sound to speak of.
"""

from collections.abc import Iterator

from core.media.full_decode import FullDecode, Span
from core.media.probe import Film
from core.rules.contest import VideoRules
from core.rules.entries.film_rules import FilmRule, FilmVerdict, Level
from core.rules.words import Points, Sentence

MISSING_MS = 500  # by which the decoded picture may be shorter than the film says
BLACK_SHARE = 0.5  # of the film, from which it counts as a film without a picture
BLACK_MS = 2000  # longest black part that needs no look
FROZEN_MS = 10_000
SILENT_MS = 10_000
INAUDIBLE_LUFS, QUIET_LUFS = -60.0, -35.0


def content_findings(decoded: FullDecode, film: Film, rules: VideoRules) -> tuple[FilmVerdict, ...]:
    """What was found wrong or doubtful; one PASSED finding with the measured values if nothing was."""
    found = (*_picture(decoded, film), *_errors(decoded), *_sound(decoded, rules))
    return found or (FilmVerdict(Level.PASSED, FilmRule.WHOLE, _summary(decoded)),)


def _picture(decoded: FullDecode, film: Film) -> Iterator[FilmVerdict]:
    missing = film.video.span.ends_ms - film.video.span.starts_ms - decoded.picture_ms
    if missing > MISSING_MS:
        facts = {"decoded": _seconds(decoded.picture_ms), "length": _seconds(film.video.span.ends_ms)}
        text = "Chỉ giải mã được {decoded} giây hình trong {length} giây: tệp bị hỏng, hãy xuất hoặc chép lại."
        yield FilmVerdict(Level.FAILED, FilmRule.PLAYS, Sentence(text, facts))
    if decoded.black_share >= BLACK_SHARE:
        share = Points(round(1000 * decoded.black_share), 1)
        yield FilmVerdict(
            Level.FAILED, FilmRule.WHOLE, Sentence("Hình đen {share} % thời lượng phim.", {"share": share})
        )
    else:
        for span in _longer(decoded.black, BLACK_MS):
            text = "Hình đen từ giây {starts} đến giây {ends}; hãy xem lại đoạn này."
            yield FilmVerdict(Level.WARNING, FilmRule.WHOLE, Sentence(text, _span_facts(span)))
    for span in _longer(decoded.frozen, FROZEN_MS):
        text = "Hình đứng yên từ giây {starts} đến giây {ends}; hãy xem lại đoạn này."
        yield FilmVerdict(Level.WARNING, FilmRule.WHOLE, Sentence(text, _span_facts(span)))


def _errors(decoded: FullDecode) -> Iterator[FilmVerdict]:
    if decoded.error_count:
        text = "Bộ giải mã báo {count} lỗi; hãy xem lại phim từ đầu đến cuối."
        yield FilmVerdict(Level.WARNING, FilmRule.WHOLE, Sentence(text, {"count": decoded.error_count}))


def _sound(decoded: FullDecode, rules: VideoRules) -> Iterator[FilmVerdict]:
    loudness = decoded.loudness_lufs
    if loudness is None:
        return
    facts = {"loudness": Points(round(loudness * 10), 1)}
    if loudness <= INAUDIBLE_LUFS:
        level = Level.FAILED if rules.audio else Level.WARNING
        yield FilmVerdict(level, FilmRule.SOUND, Sentence("Phim gần như không có tiếng ({loudness} LUFS).", facts))
        return
    if loudness < QUIET_LUFS:
        yield FilmVerdict(
            Level.WARNING, FilmRule.SOUND, Sentence("Tiếng rất nhỏ ({loudness} LUFS); hãy nghe lại.", facts)
        )
    for span in _longer(decoded.silent, SILENT_MS):
        text = "Không có tiếng từ giây {starts} đến giây {ends}; hãy nghe lại đoạn này."
        yield FilmVerdict(Level.WARNING, FilmRule.SOUND, Sentence(text, _span_facts(span)))


def _summary(decoded: FullDecode) -> Sentence:
    if decoded.loudness_lufs is None:
        return Sentence("Đã giải mã cả phim: {length} giây hình.", {"length": _seconds(decoded.picture_ms)})
    facts = {"length": _seconds(decoded.picture_ms), "loudness": Points(round(decoded.loudness_lufs * 10), 1)}
    return Sentence("Đã giải mã cả phim: {length} giây hình, độ to {loudness} LUFS.", facts)


def _longer(spans: tuple[Span, ...], milliseconds: int) -> Iterator[Span]:
    return (span for span in spans if span.milliseconds >= milliseconds)


def _span_facts(span: Span) -> dict[str, Points]:
    return {"starts": _seconds(span.starts_ms), "ends": _seconds(span.ends_ms)}


def _seconds(milliseconds: int) -> Points:
    """Milliseconds as seconds with one decimal."""
    return Points(round(milliseconds / 100), 1)
