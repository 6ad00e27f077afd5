"""Parses the sequence parameter set of H.264 (ITU-T H.264 §7.3.2.1.1, Annex E)."""

from dataclasses import dataclass
from fractions import Fraction

NAL_UNIT_TYPE = 7  # nal_unit_type of a sequence parameter set
MAX_BYTES = 1024  # bytes of a parameter set that are read: the values are in its first hundred
WITH_CHROMA = frozenset(
    {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
)  # values of profile_idc whose parameter sets have chroma_format_idc
ASPECTS = (  # Table E-1, from aspect_ratio_idc 1
    (1, 1), (12, 11), (10, 11), (16, 11), (40, 33), (24, 11), (20, 11), (32, 11),
    (80, 33), (18, 11), (15, 11), (64, 33), (160, 99), (4, 3), (3, 2), (2, 1),
)  # fmt: skip
EXTENDED_SAR = 255


@dataclass(frozen=True, slots=True)
class SequenceParameters:
    """The values of one sequence parameter set."""

    profile: int  # profile_idc: 100 is High
    level: int  # level_idc: 41 is 4.1
    chroma: int  # chroma_format_idc: 1 is 4:2:0
    depth: int  # bits of a sample, the greater of luma and chroma
    width: int  # pixels, cropped
    height: int
    pixel_aspect: Fraction | None  # width of a pixel divided by its height; None if not stated


class _Bits:
    """Reads bits from the left, and Exp-Golomb codes (§9.1). Raises ValueError past the end."""

    def __init__(self, data: bytes) -> None:
        self.value = int.from_bytes(data, "big")
        self.left = 8 * len(data)

    def bits(self, count: int) -> int:
        self.left -= count
        if self.left < 0:
            raise ValueError("a parameter set that ends too early")
        return self.value >> self.left & (1 << count) - 1

    def unsigned(self) -> int:
        zeros = 0
        while not self.bits(1):
            zeros += 1
        return (1 << zeros) - 1 + self.bits(zeros)

    def signed(self) -> int:
        code = self.unsigned()
        return (code + 1) // 2 if code & 1 else -(code // 2)


def parameters(unit: bytes) -> SequenceParameters:
    """Parse a sequence parameter set; `unit` begins with the NAL unit header. Raises ValueError."""
    read = _Bits(unit[1:MAX_BYTES].replace(b"\0\0\3", b"\0\0"))  # §7.4.1: emulation prevention
    profile, _, level = read.bits(8), read.bits(8), read.bits(8)
    read.unsigned()  # seq_parameter_set_id
    chroma, depth, planes = _chroma(read) if profile in WITH_CHROMA else (1, 8, 0)
    _order(read)
    read.unsigned()  # max_num_ref_frames
    read.bits(1)  # gaps_in_frame_num_value_allowed_flag
    columns, rows, frames = read.unsigned() + 1, read.unsigned() + 1, read.bits(1)
    read.bits(1 if frames else 2)  # mb_adaptive_frame_field_flag, direct_8x8_inference_flag
    left, right, top, bottom = [read.unsigned() for _ in range(4)] if read.bits(1) else [0] * 4
    across = 2 if chroma in {1, 2} and not planes else 1  # Table 6-1: SubWidthC, SubHeightC
    down = (2 if chroma == 1 and not planes else 1) * (2 - frames)
    width, height = 16 * columns - across * (left + right), 16 * rows * (2 - frames) - down * (top + bottom)
    return SequenceParameters(profile, level, chroma, depth, width, height, _pixel(read) if read.bits(1) else None)


def _chroma(read: _Bits) -> tuple[int, int, int]:
    """Read the chroma format, the bit depth, and the flag (0 or 1) for separately coded colour planes."""
    chroma = read.unsigned()
    planes = read.bits(1) if chroma == 3 else 0
    depth = 8 + max(read.unsigned(), read.unsigned())
    read.bits(1)  # qpprime_y_zero_transform_bypass_flag
    if read.bits(1):  # seq_scaling_matrix_present_flag
        for number in range(12 if chroma == 3 else 8):
            if read.bits(1):
                _skip_scaling_list(read, 16 if number < 6 else 64)
    return chroma, depth, planes


def _skip_scaling_list(read: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + read.signed()) % 256
        last = following or last


def _order(read: _Bits) -> None:
    """Skip the fields of the picture order count (§7.3.2.1.1, from log2_max_frame_num_minus4)."""
    read.unsigned()
    kind = read.unsigned()
    if kind == 0:
        read.unsigned()
    elif kind == 1:
        read.bits(1)
        read.signed()
        read.signed()
        for _ in range(read.unsigned()):
            read.signed()


def _pixel(read: _Bits) -> Fraction | None:
    if not read.bits(1):  # aspect_ratio_info_present_flag
        return None
    kind = read.bits(8)
    across, down = (read.bits(16), read.bits(16)) if kind == EXTENDED_SAR else (0, 0)
    if 0 < kind <= len(ASPECTS):
        across, down = ASPECTS[kind - 1]
    return Fraction(across, down) if across and down else None
