"""Vietnamese phone numbers in one form, so that two spellings of one number are equal.

Mobile numbers had eleven digits until the network codes changed, from 15 September 2018 to 30 June 2019 (plan of the
Ministry of Information and Communications announced on 29 May 2018). `_NETWORKS` is the table that was announced; the
last seven digits of a number stayed. Lists and old papers still have the old codes.
"""

import re
import unicodedata

from core.rules.look_alikes import is_invisible
from core.rules.words import Refusal

_NETWORKS = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",  # MobiFone
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",  # VinaPhone
    "0162": "032", "0163": "033", "0164": "034", "0165": "035",  # Viettel
    "0166": "036", "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058",  # Vietnamobile
    "0199": "059",  # Gmobile
}  # fmt: skip
_MOBILE = re.compile(r"0[35789]\d{8}")
_FIXED = re.compile(r"02\d{9}")  # area code and number: eleven digits together since 2017
_COUNTRY = re.compile(r"(?:\+|00)84")
_SIGNS = re.compile(r"[\s.\-()/]")
MOST_SHOWN = 20  # characters of a refused text that the refusal repeats


class NotAPhone(Refusal):
    """The text is no Vietnamese phone number."""

    def __init__(self, text: str) -> None:
        shown = text.strip()[:MOST_SHOWN]
        super().__init__(
            "“{text}” không phải số điện thoại Việt Nam: cần 10 chữ số bắt đầu bằng 0, như 0912 345 678.", text=shown
        )


def phone_key(text: str) -> str:
    """The number in national form, digits only: "+84 912.345.678" is "0912345678". Empty for an empty text.

    A lost leading zero is added: spreadsheets drop it. An eleven-digit mobile number gets its network's new code.
    Raises NotAPhone.
    """
    visible = "".join(character for character in text if not is_invisible(character))
    digits = _SIGNS.sub("", unicodedata.normalize("NFKC", visible))
    if not digits:
        return ""
    for national in _readings(digits):
        number = _NETWORKS.get(national[:4], "") + national[4:] if len(national) == 11 else national
        if len(number) == 10 and _MOBILE.fullmatch(number):
            return number
        if _FIXED.fullmatch(national):
            return national
    raise NotAPhone(text)


def _readings(digits: str) -> tuple[str, ...]:
    """The national forms that the digits may mean, the most likely first; none for other characters."""
    if code := _COUNTRY.match(digits):
        digits = digits[code.end() :]
        return (_with_zero(digits),) if _ascii_digits(digits) else ()
    if not _ascii_digits(digits):
        return ()
    abroad = (_with_zero(digits[2:]),) if digits.startswith("84") and len(digits) > 10 else ()
    return (_with_zero(digits), *abroad)


def _with_zero(digits: str) -> str:
    return digits if digits.startswith("0") else f"0{digits}"


def _ascii_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()
