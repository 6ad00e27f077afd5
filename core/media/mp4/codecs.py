"""The codec of a track, from its sample entry (ISO/IEC 14496-12 §8.5.2): its name, and whether every browser plays it.

Every browser plays H.264 up to High (8 bit, 4:2:0) with AAC or MP3; other codecs depend on the machine. The decoder's
configuration (`avcC`, `esds`) decides, not what the container states.
"""

from dataclasses import dataclass
from fractions import Fraction

from core.media.mp4 import h264
from core.media.mp4.boxes import BrokenIndex, children, fields, find, require

H264, AAC, MP3 = "h264", "aac", "mp3"
PROFILES = {
    66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High 10", 122: "High 4:2:2", 244: "High 4:4:4",
}  # fmt: skip
SUPPORTED_PROFILES = frozenset({66, 77, 100})
HIGHEST_LEVEL = 52
CHROMA = ("4:0:0", "4:2:0", "4:2:2", "4:4:4")
AAC_LC, AAC_HE, AAC_HE_2 = 2, 5, 29  # audio object types (ISO/IEC 14496-3 Table 1.17)
MPEG_AUDIO, LAYER_3 = frozenset({0x69, 0x6B}), 1
MAX_SAMPLE_ENTRIES = 16
ENCRYPTED = frozenset({"encv", "enca", "drmi", "drms"})
NAMES = {
    "hvc1": "HEVC (H.265)", "hev1": "HEVC (H.265)", "dvh1": "Dolby Vision", "dvhe": "Dolby Vision", "vvc1": "VVC (H.266)",
    "dva1": "Dolby Vision", "dvav": "Dolby Vision", "av01": "AV1", "vp08": "VP8", "vp09": "VP9", "s263": "H.263", "h263": "H.263",
    "jpeg": "MJPEG", "mjpa": "MJPEG", "mjpb": "MJPEG", "png ": "PNG", "apch": "ProRes", "apcn": "ProRes", "apcs": "ProRes",
    "apco": "ProRes", "ap4h": "ProRes", "ap4x": "ProRes", "AVdn": "DNxHD", "AVdh": "DNxHR", "dvc ": "DV", "dvcp": "DV",
    "ac-3": "AC-3", "ec-3": "E-AC-3", "ac-4": "AC-4", "DemoEntry": "DemoEntry", "fLaC": "FLAC", "alac": "ALAC", "samr": "AMR", "sawb": "AMR",
    "dtsc": "DTS", "dtsh": "DTS", "dtsl": "DTS", "dtse": "DTS", "mlpa": "TrueHD", ".mp2": "MP2", "lpcm": "PCM", "sowt": "PCM",
    "twos": "PCM", "raw ": "PCM", "ipcm": "PCM", "fpcm": "PCM", "in24": "PCM", "in32": "PCM", "fl32": "PCM", "fl64": "PCM",
    "ulaw": "G.711", "alaw": "G.711",
}  # fmt: skip
OBJECTS = {  # objectTypeIndication of an `esds` (mp4ra.org)
    0x20: "MPEG-4 Part 2", 0x21: "H.264", 0x23: "HEVC (H.265)", 0x60: "MPEG-2", 0x61: "MPEG-2", 0x62: "MPEG-2", 0x63: "MPEG-2",
    0x64: "MPEG-2", 0x65: "MPEG-2", 0x6A: "MPEG-1", 0x6C: "MJPEG", 0x6D: "PNG", 0x6E: "JPEG 2000", 0x66: "AAC Main",
    0x68: "AAC SSR", 0xA5: "AC-3", 0xA6: "E-AC-3", 0xA9: "DTS", 0xAA: "DTS", 0xAB: "DTS", 0xAC: "DTS", 0xAD: "DemoEntry", 0xDD: "Vorbis",
}  # fmt: skip
AAC_TYPES = {
    1: "AAC Main",
    3: "AAC SSR",
    4: "AAC LTP",
    23: "AAC-LD",
    34: "MP3",
    36: "MPEG-4 ALS",
    39: "AAC-ELD",
    42: "xHE-AAC",
}
STILLS = frozenset({"MJPEG", "PNG", "JPEG 2000"})


@dataclass(frozen=True, slots=True)
class Codec:
    """The codec of a track."""

    name: str  # "h264", "aac" or "mp3" if supported; else a name for authors: "HEVC (H.265)"
    is_supported: bool  # every browser plays it
    is_encrypted: bool = False


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """The format of pictures: codec, coded size in pixels, and pixel aspect ratio by container and by stream."""

    codec: Codec
    width: int
    height: int
    pixel_aspect: Fraction | None  # `pasp`
    sps_pixel_aspect: Fraction | None  # from the sequence parameter set
    clean_aperture: tuple[int, int] | None = None  # width and height to which some players crop (`clap`)


def sample_entries(stsd: memoryview) -> list[tuple[str, memoryview]]:
    """The sample entries of a track as (kind, content). Raises BrokenIndex."""
    found = list(children(stsd[8:]))[: fields("I", stsd, 4)[0]]
    if len(found) > MAX_SAMPLE_ENTRIES:
        raise BrokenIndex("stsd")
    return found


def video_format(kind: str, entry: memoryview) -> VideoFormat:
    """The video format of a sample entry. Raises BrokenIndex."""
    width, height = fields("HH", entry, 24)
    inner = entry[78:]
    pixel, clean = _pixel(inner), _clean(inner)
    if kind not in {"avc1", "avc3"}:
        return VideoFormat(_other(kind, _object(inner)), width, height, pixel, None, clean)
    config = require(inner, "avcC")
    parameters = _parameters(config)
    if parameters is None:  # avc3: the parameter sets are among the samples
        profile, _, level = fields("BBB", config, 1)
        return VideoFormat(_h264(profile, level, 1, 8), width, height, pixel, None, clean)
    codec = _h264(parameters.profile, parameters.level, parameters.chroma, parameters.depth)
    return VideoFormat(codec, parameters.width, parameters.height, pixel, parameters.pixel_aspect, clean)


def _pixel(inner: memoryview) -> Fraction | None:
    body = _inner(inner, "pasp")
    across, down = fields("II", body) if body is not None else (0, 0)
    return Fraction(across, down) if across and down else None


def _clean(inner: memoryview) -> tuple[int, int] | None:
    body = _inner(inner, "clap")
    width, width_by, height, height_by = fields("4I", body) if body is not None else (0, 0, 0, 0)
    return (width // width_by, height // height_by) if width_by and height_by else None


def audio_codec(kind: str, entry: memoryview, first_bytes: bytes) -> Codec:
    """The audio codec of a sample entry; `first_bytes`: the beginning of its first sample. Raises BrokenIndex."""
    if kind == ".mp3":
        return Codec(MP3, is_supported=True)
    descriptor = next((descriptor for at in (28, 44, 64) if (descriptor := _descriptor(entry[at:])) is not None), None)
    if kind != "mp4a" or descriptor is None:
        return _other(kind, descriptor[0] if descriptor else None)
    object_type, config = descriptor
    if object_type in MPEG_AUDIO:
        return _mpeg_audio(first_bytes)
    if object_type not in {0x40, 0x67}:
        return _other(kind, object_type)
    number = _audio_object(config) if object_type == 0x40 else AAC_LC
    if number in {AAC_LC, AAC_HE, AAC_HE_2}:
        return Codec(AAC, is_supported=True)
    return Codec(AAC_TYPES.get(number, f"MPEG-4 Audio {number}"), is_supported=False)


def _mpeg_audio(first_bytes: bytes) -> Codec:
    """MPEG audio, by the layer in its first frame (ISO/IEC 11172-3 §2.4.2.3); only layer III is supported."""
    layer = first_bytes[1] >> 1 & 3 if len(first_bytes) > 1 and first_bytes[0] == 0xFF else LAYER_3
    return Codec(MP3, is_supported=True) if layer == LAYER_3 else Codec(f"MP{4 - layer}", is_supported=False)


def _other(kind: str, object_type: int | None) -> Codec:
    """A codec that not every browser plays. `object_type`: its objectTypeIndication, if any."""
    name = OBJECTS.get(object_type, f"MPEG-4 {object_type:#04x}") if object_type is not None else NAMES.get(kind)
    if name is None:
        name = "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in kind)
    return Codec(name, is_supported=False, is_encrypted=kind in ENCRYPTED)


def _h264(profile: int, level: int, chroma: int, depth: int) -> Codec:
    if profile in SUPPORTED_PROFILES and level <= HIGHEST_LEVEL and (chroma, depth) == (1, 8):
        return Codec(H264, is_supported=True)
    colours = CHROMA[chroma] if chroma < len(CHROMA) else str(chroma)
    name = f"H.264 {PROFILES.get(profile, profile)}, {depth} bit, {colours}, level {level // 10}.{level % 10}"
    return Codec(name, is_supported=False)


def _parameters(config: memoryview) -> h264.SequenceParameters | None:
    """The first parameter set in an `avcC` (ISO/IEC 14496-15 §5.3.3.1.2); None if it has none. Raises BrokenIndex."""
    at = 6
    for _ in range(fields("B", config, 5)[0] & 31):
        (length,) = fields("H", config, at)
        unit = bytes(config[at + 2 : at + 2 + length])
        if unit and unit[0] & 31 == h264.NAL_UNIT_TYPE:
            try:
                return h264.parameters(unit)
            except ValueError:
                raise BrokenIndex("avcC") from None
        at += 2 + length
    return None


def _inner(body: memoryview, *path: str) -> memoryview | None:
    """A box in a sample entry; None if it is missing or broken, since some writers append bytes that are not a box."""
    try:
        return find(body, *path)
    except BrokenIndex:
        return None


def _object(inner: memoryview) -> int | None:
    descriptor = _descriptor(inner)
    return descriptor[0] if descriptor else None


def _descriptor(inner: memoryview) -> tuple[int, memoryview] | None:
    """The object type and decoder configuration in an `esds` (ISO/IEC 14496-1 §7.2.6); None if there is no `esds`.

    QuickTime puts the `esds` into a `wave` box. Raises BrokenIndex.
    """
    body = _inner(inner, "esds") or _inner(inner, "wave", "esds")
    if body is None:
        return None
    stream = _tagged(body[4:], 3)
    flags = fields("B", stream, 2)[0]
    at = 3 + (2 if flags & 0x80 else 0) + (2 if flags & 0x20 else 0)
    if flags & 0x40:
        at += 1 + fields("B", stream, at)[0]
    decoder = _tagged(stream[at:], 4)
    return fields("B", decoder)[0], decoder[13:]


def _tagged(body: memoryview, tag: int) -> memoryview:
    """The content of the descriptor at the start of `body`. Raises BrokenIndex if its tag is not `tag`."""
    if fields("B", body)[0] != tag:
        raise BrokenIndex("esds")
    length = at = 0
    while at < 4:
        at += 1
        byte = fields("B", body, at)[0]
        length = length << 7 | byte & 127
        if not byte & 128:
            break
    return body[at + 1 : at + 1 + length]


def _audio_object(config: memoryview) -> int:
    """The audio object type of an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1)."""
    first, second = fields("BB", _tagged(config, 5))
    kind = first >> 3
    return 32 + ((first & 7) << 3 | second >> 5) if kind == 31 else kind
