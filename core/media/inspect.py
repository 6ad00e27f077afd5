"""Checks a film file against the contest's rules for works, with one verdict for each rule (plan III.4).

The rules apply to what a person sees and hears. A few pictures and the sound are decoded last, and only if every other
rule is met.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.media.decoding import CHECKED_SHARES, MAX_AUDIO_S, decode_audio, first_undecodable_second
from core.media.monitor import UNMONITORED, ProgressMonitor
from core.media.probe import Film, NotAFilm, Stream, probe
from core.rules.contest import VideoRules
from core.rules.entries.film_rules import FilmRule, FilmVerdict, failed, overridable, passed
from core.rules.words import Exact, Points, Sentence, seconds

MAX_OFFSET_MS = 1000  # by which picture or sound may begin late or end early
MAX_STILL_MS = 5000  # longest time from one picture to the next
MAX_SILENCE_MS = 1000  # longest time from one sample of sound to the next
MAX_FRAME_RATE = 121  # frames a second
MAX_PIXELS = 4096 * 2304  # of H.264 level 5.2, above which hardly any device decodes in time
INAUDIBLE_PEAK = 32  # of 32,768: −60 dB
QUICKTIME = "qt  "
PICTURES_SHARE = 0.5  # of the progress; the other half is the sound


@dataclass(frozen=True, slots=True)
class Inspection:
    """All verdicts on a file, and its film; None if no film could be read."""

    verdicts: tuple[FilmVerdict, ...]
    film: Film | None

    @property
    def passed(self) -> bool:
        """True if every rule is met."""
        return all(verdict.passed for verdict in self.verdicts)


def inspect(
    path: Path, rules: VideoRules, monitor: ProgressMonitor = UNMONITORED, *, past_overridable: bool = False
) -> Inspection:
    """Check the file: complete, allowed frame size and length, sound, playable in every browser. Raises OSError.

    `monitor` hears of the progress before each decoding, and may stop it; a verdict after the stop means nothing.
    With `past_overridable` a film is decoded although it breaks rules that the office may override.
    """
    try:
        film = probe(path)
    except NotAFilm as unread:
        return Inspection((failed(FilmRule.READABLE, unread.sentence),), None)
    verdicts = [_container(film, rules), _size(film, rules), _length(film, rules), _sound(film, rules)]
    verdicts += [failed(FilmRule.PLAYS, each) for each in (*_unsupported(film), *_ambiguous(film), *_too_much(film))]
    verdicts += [failed(FilmRule.WHOLE, each) for each in (*_standing(film), *_uncovered(film, rules))]
    if all(verdict.passed for verdict in verdicts) or (past_overridable and overridable(tuple(verdicts))):
        verdicts.append(_decoded(path, film, rules, monitor))
    return Inspection(tuple(verdicts), film)


def _container(film: Film, rules: VideoRules) -> FilmVerdict:
    if rules.container == "mp4" and set(film.brands) == {QUICKTIME}:
        sentence = "Tệp là QuickTime (.mov) chỉ đổi tên; hãy xuất lại thành MP4 (H.264, AAC)."
        return failed(FilmRule.CONTAINER, Sentence(sentence))
    return passed(FilmRule.CONTAINER, Sentence("Tệp {container} nguyên vẹn.", {"container": rules.container.upper()}))


def _size(film: Film, rules: VideoRules) -> FilmVerdict:
    allowed = ", ".join(map(_pixels, rules.sizes))
    size = (film.width, film.height)
    facts = {"size": _pixels(size), "allowed": allowed, "stored": _pixels(film.coded_size)}
    if size in rules.sizes:
        return passed(FilmRule.PICTURE_SIZE, Sentence("Khung hình {size}.", facts))
    if size == film.coded_size:
        return failed(FilmRule.PICTURE_SIZE, Sentence("Khung hình {size}; thể lệ nhận {allowed}.", facts))
    sentence = (
        "Khung hình nhìn thấy {size} (tệp lưu {stored}, khi phát được xoay hoặc kéo giãn); thể lệ nhận {allowed}."
    )
    return failed(FilmRule.PICTURE_SIZE, Sentence(sentence, facts))


def _pixels(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"


def _length(film: Film, rules: VideoRules) -> FilmVerdict:
    """The verdict on the length. It is the picture's, unless the sound ends more than MAX_OFFSET_MS later.

    Encoders add a last block of sound, which is not part of the film.
    """
    least, most = rules.seconds
    ends = film.video.span.ends_ms
    length = ends if film.milliseconds - ends <= MAX_OFFSET_MS else film.milliseconds
    facts = {"length": seconds(length), "least": least, "most": most}
    slack = rules.tolerance_s * 1000
    if least * 1000 - slack <= length <= most * 1000 + slack:
        return passed(FilmRule.LENGTH, Sentence("Thời lượng {length} giây.", facts))
    return failed(FilmRule.LENGTH, Sentence("Thời lượng {length} giây; thể lệ nhận từ {least} đến {most} giây.", facts))


def _sound(film: Film, rules: VideoRules) -> FilmVerdict:
    if film.sound is not None:
        return passed(FilmRule.SOUND, Sentence("Có âm thanh ({codec}).", {"codec": film.sound}))
    if rules.audio:
        return failed(FilmRule.SOUND, Sentence("Không có âm thanh; thể lệ yêu cầu phải có."))
    return passed(FilmRule.SOUND, Sentence("Không có âm thanh; thể lệ không yêu cầu."))


def _unsupported(film: Film) -> Iterator[Sentence]:
    """Faults: encryption, and codecs that not every browser plays."""
    picture, heard = film.video.codec, film.audio.codec if film.audio else None
    if picture.is_encrypted or (heard and heard.is_encrypted):
        yield Sentence("Phim bị khóa bản quyền (DRM); hãy xuất lại thành tệp không khóa.")
    elif not picture.is_supported:
        sentence = (
            "Hình mã hóa bằng {codec}, nhiều trình duyệt không phát được; hãy xuất lại bằng H.264 (8 bit, 4:2:0)."
        )
        yield Sentence(sentence, {"codec": picture.name})
    if heard and not (heard.is_supported or heard.is_encrypted):
        sentence = "Tiếng mã hóa bằng {codec}, nhiều trình duyệt không phát được; hãy xuất lại bằng AAC."
        yield Sentence(sentence, {"codec": heard.name})


def _ambiguous(film: Film) -> Iterator[Sentence]:
    """Faults: properties that players interpret differently."""
    streams = [film.video, *([film.audio] if film.audio else [])]
    if film.orientation is None:
        sentence = "Tệp bắt trình phát xoay nghiêng hoặc kéo lệch hình, mỗi trình phát hiện một khác; hãy xuất lại."
        yield Sentence(sentence)
    if film.conflicting_size is not None:
        facts = {"one": _pixels((film.width, film.height)), "other": _pixels(film.conflicting_size)}
        yield Sentence("Tệp ghi hai khung hình khác nhau ({one} và {other}); hãy xuất lại.", facts)
    if not all(stream.span.is_simple for stream in streams):
        sentence = "Tệp cắt, lặp hoặc giấu một phần phim (edit list), mỗi trình phát hiện một khác; hãy xuất lại."
        yield Sentence(sentence)
    if not all(stream.has_single_format for stream in streams):
        yield Sentence("Phim đổi định dạng hình hoặc tiếng giữa chừng; hãy xuất lại thành một tệp liền.")


def _too_much(film: Film) -> Iterator[Sentence]:
    """Faults: a picture that is too large, or too many of them a second, for most devices."""
    if film.width * film.height > MAX_PIXELS:
        yield Sentence("Khung hình lớn hơn 4096×2304; nhiều máy không phát được.")
    if film.frames_per_second > MAX_FRAME_RATE:
        rate = round(film.frames_per_second)
        yield Sentence("Tốc độ {rate} hình/giây; nhiều nhất là {most}.", {"rate": rate, "most": MAX_FRAME_RATE - 1})


def _standing(film: Film) -> Iterator[Sentence]:
    """The fault of too long a time without a new picture."""
    if film.video.longest_gap_ms > MAX_STILL_MS:
        sentence = "Có lúc hình đứng yên {still} giây; hãy xuất lại với tốc độ cố định (25 hoặc 30 hình/giây)."
        yield Sentence(sentence, {"still": seconds(film.video.longest_gap_ms)})


def _uncovered(film: Film, rules: VideoRules) -> Iterator[Sentence]:
    """Faults: picture or sound that does not cover the whole film."""
    if _leaves_gap(film, film.video):
        sentence = "Hình chỉ có từ giây {starts} đến giây {ends} của phim dài {length} giây; hãy xuất lại."
        yield Sentence(sentence, _span_facts(film, film.video))
    if film.audio is None or not rules.audio:
        return
    if _leaves_gap(film, film.audio):
        sentence = "Tiếng chỉ có từ giây {starts} đến giây {ends} của phim dài {length} giây; hãy xuất lại."
        yield Sentence(sentence, _span_facts(film, film.audio))
    if film.audio.longest_gap_ms > MAX_SILENCE_MS:
        yield Sentence("Có lúc mất tiếng {silent} giây; hãy xuất lại.", {"silent": seconds(film.audio.longest_gap_ms)})


def _leaves_gap(film: Film, stream: Stream) -> bool:
    return stream.span.starts_ms > MAX_OFFSET_MS or film.milliseconds - stream.span.ends_ms > MAX_OFFSET_MS


def _span_facts(film: Film, stream: Stream) -> dict[str, Exact]:
    times = (stream.span.starts_ms, stream.span.ends_ms, film.milliseconds)
    return {name: seconds(time) for name, time in zip(("starts", "ends", "length"), times, strict=True)}


def _decoded(path: Path, film: Film, rules: VideoRules, monitor: ProgressMonitor) -> FilmVerdict:
    """The verdict on decoding a few pictures and the sound (at most MAX_AUDIO_S of it)."""
    if (second := first_undecodable_second(path, film, monitor.part(0, PICTURES_SHARE))) is not None:
        sentence = "Không giải mã được hình ở giây {second}: tệp bị hỏng, hãy xuất hoặc chép lại."
        return failed(FilmRule.PLAYS, Sentence(sentence, {"second": Points(round(second * 10), 1)}))
    facts = {"picture": film.picture, "sound": film.sound, "count": len(CHECKED_SHARES)}
    if film.audio is None:
        return passed(
            FilmRule.PLAYS, Sentence("Trình duyệt phát được hình ({picture}); đã giải mã thử {count} chỗ.", facts)
        )
    monitor.report(PICTURES_SHARE)
    heard, length = (
        decode_audio(path, film, monitor),
        min(film.audio.span.ends_ms - film.audio.span.starts_ms, 1000 * MAX_AUDIO_S),
    )
    if length - heard.milliseconds > MAX_OFFSET_MS:
        times = {"heard": seconds(heard.milliseconds), "length": seconds(length)}
        sentence = "Chỉ giải mã được {heard} giây tiếng trong {length} giây: tệp bị hỏng, hãy xuất hoặc chép lại."
        return failed(FilmRule.PLAYS, Sentence(sentence, times))
    if heard.peak <= INAUDIBLE_PEAK and rules.audio:
        return failed(FilmRule.SOUND, Sentence("Phim câm từ đầu đến cuối; thể lệ yêu cầu phải có âm thanh."))
    sentence = "Trình duyệt phát được hình ({picture}) và tiếng ({sound}); đã giải mã thử {count} chỗ và cả phần tiếng."
    return passed(FilmRule.PLAYS, Sentence(sentence, facts))
