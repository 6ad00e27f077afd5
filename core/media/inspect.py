"""A file held against the contest's rules for works, one verdict to a rule (plan III.4).

What a person sees and hears decides. A few pictures and the sound are decoded last, and only of a film that keeps every other rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.media.decoding import CHECKED_SHARES, MAX_AUDIO_S, decode_audio, first_undecodable_second
from core.media.probe import Film, NotAFilm, Stream, probe
from core.rules.contest import VideoRules
from core.rules.words import Points, Sentence

MAX_OFFSET_MS = 1000  # by which picture or sound may begin late or end early
MAX_STILL_MS = 5000  # for which one picture may stand
MAX_SILENCE_MS = 1000  # from one sample of sound to the next
MAX_FRAME_RATE = 121  # frames a second
INAUDIBLE_PEAK = 32  # of 32,768: −60 dB
QUICKTIME = "qt  "


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
    """Hold the file against the rules: whole, of the right size and length, with sound, played by every browser."""
    try:
        film = probe(path)
    except NotAFilm as unread:
        return Inspection((Verdict(False, unread.sentence),), None)
    verdicts = [_container(film, rules), _size(film, rules), _length(film, rules), _sound(film, rules)]
    faults = (*_unsupported(film), *_ambiguous(film), *_unsteady(film), *_uncovered(film, rules))
    verdicts += [Verdict(False, fault) for fault in faults]
    if all(verdict.kept for verdict in verdicts):
        verdicts.append(_decoded(path, film, rules))
    return Inspection(tuple(verdicts), film)


def _container(film: Film, rules: VideoRules) -> Verdict:
    if rules.container == "mp4" and set(film.brands) == {QUICKTIME}:
        says = "Tệp là QuickTime (.mov) chỉ đổi tên; hãy xuất lại thành MP4 (H.264, AAC)."
        return Verdict(False, Sentence(says))
    return Verdict(True, Sentence("Tệp {container} nguyên vẹn.", {"container": rules.container.upper()}))


def _size(film: Film, rules: VideoRules) -> Verdict:
    allowed = ", ".join(map(_pixels, rules.sizes))
    size = (film.width, film.height)
    facts = {"size": _pixels(size), "allowed": allowed, "stored": _pixels(film.coded_size)}
    if size in rules.sizes:
        return Verdict(True, Sentence("Khung hình {size}.", facts))
    if size == film.coded_size:
        return Verdict(False, Sentence("Khung hình {size}; thể lệ nhận {allowed}.", facts))
    says = "Khung hình nhìn thấy {size} (tệp lưu {stored}, khi phát được xoay hoặc kéo giãn); thể lệ nhận {allowed}."
    return Verdict(False, Sentence(says, facts))


def _pixels(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"


def _length(film: Film, rules: VideoRules) -> Verdict:
    """The picture's length, where the sound goes with it: an encoder's last block of sound is no part of the film."""
    least, most = rules.seconds
    ends = film.video.span.ends_ms
    length = ends if film.milliseconds - ends <= MAX_OFFSET_MS else film.milliseconds
    facts = {"length": Points(length, 3), "least": least, "most": most}
    slack = rules.tolerance_s * 1000
    if least * 1000 - slack <= length <= most * 1000 + slack:
        return Verdict(True, Sentence("Thời lượng {length} giây.", facts))
    return Verdict(False, Sentence("Thời lượng {length} giây; thể lệ nhận từ {least} đến {most} giây.", facts))


def _sound(film: Film, rules: VideoRules) -> Verdict:
    if film.sound is not None:
        return Verdict(True, Sentence("Có âm thanh ({codec}).", {"codec": film.sound}))
    if rules.audio:
        return Verdict(False, Sentence("Không có âm thanh; thể lệ yêu cầu phải có."))
    return Verdict(True, Sentence("Không có âm thanh; thể lệ không yêu cầu."))


def _unsupported(film: Film) -> Iterator[Sentence]:
    """What not every browser plays."""
    picture, heard = film.video.codec, film.audio.codec if film.audio else None
    if picture.is_encrypted or (heard and heard.is_encrypted):
        yield Sentence("Phim bị khóa bản quyền (DRM); hãy xuất lại thành tệp không khóa.")
    elif not picture.is_supported:
        says = "Hình mã hóa bằng {codec}, nhiều trình duyệt không phát được; hãy xuất lại bằng H.264 (8 bit, 4:2:0)."
        yield Sentence(says, {"codec": picture.name})
    if heard and not (heard.is_supported or heard.is_encrypted):
        says = "Tiếng mã hóa bằng {codec}, nhiều trình duyệt không phát được; hãy xuất lại bằng AAC."
        yield Sentence(says, {"codec": heard.name})


def _ambiguous(film: Film) -> Iterator[Sentence]:
    """What one player shows so and another otherwise."""
    streams = [film.video, *([film.audio] if film.audio else [])]
    if film.orientation is None:
        says = "Tệp bắt trình phát xoay nghiêng hoặc kéo lệch hình, mỗi trình phát hiện một khác; hãy xuất lại."
        yield Sentence(says)
    if film.conflicting_size is not None:
        facts = {"one": _pixels((film.width, film.height)), "other": _pixels(film.conflicting_size)}
        yield Sentence("Tệp ghi hai khung hình khác nhau ({one} và {other}); hãy xuất lại.", facts)
    if not all(stream.span.is_simple for stream in streams):
        says = "Tệp cắt, lặp hoặc giấu một phần phim (edit list), mỗi trình phát hiện một khác; hãy xuất lại."
        yield Sentence(says)
    if not all(stream.has_single_format for stream in streams):
        yield Sentence("Phim đổi định dạng hình hoặc tiếng giữa chừng; hãy xuất lại thành một tệp liền.")


def _unsteady(film: Film) -> Iterator[Sentence]:
    """Pictures that come too fast, or stand still because none comes."""
    if film.frames_per_second > MAX_FRAME_RATE:
        rate = round(film.frames_per_second)
        yield Sentence("Tốc độ {rate} hình/giây; nhiều nhất là {most}.", {"rate": rate, "most": MAX_FRAME_RATE - 1})
    if film.video.longest_gap_ms > MAX_STILL_MS:
        says = "Có lúc hình đứng yên {still} giây; hãy xuất lại với tốc độ cố định (25 hoặc 30 hình/giây)."
        yield Sentence(says, {"still": Points(film.video.longest_gap_ms, 3)})


def _uncovered(film: Film, rules: VideoRules) -> Iterator[Sentence]:
    """Picture or sound that does not run through the film."""
    if _leaves_gap(film, film.video):
        says = "Hình chỉ có từ giây {starts} đến giây {ends} của phim dài {length} giây; hãy xuất lại."
        yield Sentence(says, _span_facts(film, film.video))
    if film.audio is None or not rules.audio:
        return
    if _leaves_gap(film, film.audio):
        says = "Tiếng chỉ có từ giây {starts} đến giây {ends} của phim dài {length} giây; hãy xuất lại."
        yield Sentence(says, _span_facts(film, film.audio))
    if film.audio.longest_gap_ms > MAX_SILENCE_MS:
        yield Sentence(
            "Có lúc mất tiếng {silent} giây; hãy xuất lại.", {"silent": Points(film.audio.longest_gap_ms, 3)}
        )


def _leaves_gap(film: Film, stream: Stream) -> bool:
    return stream.span.starts_ms > MAX_OFFSET_MS or film.milliseconds - stream.span.ends_ms > MAX_OFFSET_MS


def _span_facts(film: Film, stream: Stream) -> dict[str, Points]:
    times = (stream.span.starts_ms, stream.span.ends_ms, film.milliseconds)
    return {name: Points(time, 3) for name, time in zip(("starts", "ends", "length"), times, strict=True)}


def _decoded(path: Path, film: Film, rules: VideoRules) -> Verdict:
    """Whether a few pictures and the whole sound can be decoded."""
    if (second := first_undecodable_second(path, film)) is not None:
        says = "Không giải mã được hình ở giây {second}: tệp bị hỏng, hãy xuất hoặc chép lại."
        return Verdict(False, Sentence(says, {"second": Points(round(second * 10), 1)}))
    facts = {"picture": film.picture, "sound": film.sound, "count": len(CHECKED_SHARES)}
    if film.audio is None:
        return Verdict(True, Sentence("Trình duyệt phát được hình ({picture}); đã giải mã thử {count} chỗ.", facts))
    heard, length = (
        decode_audio(path, film),
        min(film.audio.span.ends_ms - film.audio.span.starts_ms, 1000 * MAX_AUDIO_S),
    )
    if length - heard.milliseconds > MAX_OFFSET_MS:
        times = {"heard": Points(heard.milliseconds, 3), "length": Points(length, 3)}
        says = "Chỉ giải mã được {heard} giây tiếng trong {length} giây: tệp bị hỏng, hãy xuất hoặc chép lại."
        return Verdict(False, Sentence(says, times))
    if heard.peak <= INAUDIBLE_PEAK and rules.audio:
        return Verdict(False, Sentence("Phim câm từ đầu đến cuối; thể lệ yêu cầu phải có âm thanh."))
    says = "Trình duyệt phát được hình ({picture}) và tiếng ({sound}); đã giải mã thử {count} chỗ và cả phần tiếng."
    return Verdict(True, Sentence(says, facts))
