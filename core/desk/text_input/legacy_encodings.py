"""Recognises and decodes Vietnamese text in encodings from before Unicode: TCVN3 (.VnTime) and Windows-1258.

Every byte means something in each of them, so both readings are compared: the right one has Vietnamese words. Syllables
alone do not tell them apart: Windows-1258 read as TCVN3 often looks like syllables too.
"""

import re
import unicodedata
from enum import Enum

from core.desk.text_input.lost_letters import TCVN3_LETTERS, is_syllable
from core.rules.vietnamese import identity

MAX_CHECKED = 20_000  # characters that are compared
MIN_LIKENESS = 0.35
_WORD = re.compile(r"[^\W\d_]+")
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
# Words with marks that most tables of a contest contain: frequent words, family names, names of columns and places.
_COMMON_WORDS = (
    "của và không được người một những là có trong các với đã này để từ khi đến ở sẽ về tại nguyễn thị văn phạm trần "
    "lê hoàng lò giàng sùng quàng lường tòng cầm bạc hà vũ đỗ bùi đặng mường bản xã huyện tỉnh thành phố tác phẩm tên "
    "giả đơn vị mã chuyển đổi số hóa chợ phiên dân tộc thái mông trường học viên giáo cán bộ công nghệ điện thoại "
    "ngày tháng năm địa chỉ chủ đề thể loại việt cộng hội nghĩa đường sông núi nhà đồng tiền hàng đình đảng ủy "
    "tuyên nông nghiệp lịch tế dục phòng sở đoàn phụ nữ hương thủy thúy đức hùng cường dũng hải hằng hạnh hiền "
    "phường tổ đội tệp "
)
_COMMON = frozenset(map(identity, _COMMON_WORDS.split()))  # in either place of the tone mark


class LegacyEncoding(Enum):
    """An encoding from before Unicode, by the name that people know."""

    TCVN3 = "TCVN3 (.VnTime)"
    WINDOWS_1258 = "Windows-1258"


def decode_legacy(data: bytes) -> tuple[str, LegacyEncoding] | None:
    """The text in NFC and its encoding; None where neither reading is Vietnamese, as for French or a picture.

    In TCVN3 capitals with tones come back as small letters: the encoding has none, and another font showed them.
    """
    if _NOT_TEXT.search(data):
        return None
    readings = {LegacyEncoding.TCVN3: _tcvn3(data), LegacyEncoding.WINDOWS_1258: data.decode("cp1258", "replace")}
    texts = {encoding: unicodedata.normalize("NFC", text) for encoding, text in readings.items()}
    best = max(texts, key=lambda encoding: _likeness(texts[encoding]))
    return (texts[best], best) if _likeness(texts[best]) >= MIN_LIKENESS else None


def _tcvn3(data: bytes) -> str:
    return "".join(chr(byte) if byte < 0x80 else TCVN3_LETTERS[byte - 0x80] for byte in data)


def _likeness(text: str) -> float:
    """How much the words with marks are Vietnamese: common words count most, possible syllables a little; at most 1."""
    text = text[:MAX_CHECKED].casefold()
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    if not words:
        return 0.0
    common = sum(identity(word) in _COMMON for word in words)
    possible = sum(is_syllable(word) for word in words)
    odd = text.count("\ufffd") + sum(unicodedata.combining(letter) > 0 for letter in text)
    return (0.7 * common + 0.3 * possible) / len(words) - min(0.5, odd / len(words))
