"""Characters that look like others, and characters that are not seen: what two spellings of one name may differ in.

`TWINS` holds letters of other alphabets that look like a Latin one, after the Unicode table of confusable characters
(UTS #39), and the dashes, apostrophes and quotation marks that word processors put in place of the typed ones.
Letters that Unicode itself calls another form of a Latin one (full-width, mathematical, circled) need no entry: NFKC.
"""

import re
import unicodedata

# A Latin letter, and the letters whose capital or small form looks like it. Three look like one letter as a capital and like
# another as a small letter (Ηη, Νν, Υυ): each form has its own entry.
_LETTERS = {
    "a": "АаΑαɑᴀᎪꓮ", "b": "ВвЬьΒβʙᏴꓐ", "c": "СсϹϲᴄᏟꓚⲤⲥ", "d": "ԀԁᴅᎠꓓ", "đ": "ÐðƉɖƋƌ₫", "e": "ЕеΕεᴇᎬꓰ", "f": "ϜϝꜰꓝƑƒ",
    "g": "ԌԍɡɢցᏀꓖ", "h": "НнҺһΗʜհᎻꓧⲎ", "i": "ІіΙιɩıɪꓲⲒ", "j": "ЈјϳͿȷᴊյᎫꓙ", "k": "КкΚκᴋᏦꓗⲔ", "l": "ӀӏʟᏞꓡ",
    "m": "МмΜμᴍϺϻᎷꓟⲘ", "n": "пΝηɴոꓠⲚ", "o": "ОоΟοσᴏՕօꓳⲞⲟ", "p": "РрΡρϱᴘᏢꓑⲢⲣ", "q": "ԚԛզԳգ", "r": "гʀᎡꓣ",
    "s": "ЅѕꜱՏտᏚꓢ", "t": "ТтΤτᴛᎢꓔⲦ", "u": "υᴜՍսꓴ", "v": "ѴѵνᴠᏙꓦ", "w": "ԜԝᴡᎳꓪ", "x": "ХхΧχꓫⲬ", "y": "УуҮүΥϒγʏᎽꓬⲨ",
    "z": "ΖζᴢᏃꓜ", "3": "Зз",
}  # fmt: skip
_SIGNS = {"-": "‐‑‒–—―−˗⁃➖﹘", "'": "‘’‚‛ʼʹˈ′´ꞌ", '"': "“”„‟″«»", "/": "⁄∕", " ": "\u2800"}
_MARKS = {"\u0306": "\u030c", "\u0303": "\u0342", "\u031b": "\u0315"}  # ă ã ơ: breve, tilde, horn
# Default_Ignorable_Code_Point of Unicode where the category does not say it: joiners, fillers, variation selectors.
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)

LETTERS = {ord(other): latin for latin, others in _LETTERS.items() for other in others}
TWINS = LETTERS | {ord(other): sign for sign, others in _SIGNS.items() for other in others}
MARKS = {ord(other): mark for mark, others in _MARKS.items() for other in others}


def is_invisible(character: str) -> bool:
    """True for a character that shows nothing and takes no place: format and control characters, fillers, selectors."""
    category = unicodedata.category(character)
    if category == "Cf" or (category == "Cc" and not character.isspace()):
        return True
    return _IGNORABLE.match(character) is not None


def code_point(character: str) -> str:
    """A character by its number and its name in Unicode: "U+200B (ZERO WIDTH SPACE)"."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


def odd_characters(key: str) -> tuple[str, ...]:
    """The characters of a key that are not what they seem: invisible, or letters that only look Latin, each once.

    A word in another alphabet is not odd: "Иван" has letters that no Latin one looks like.
    """
    if key.isascii() and key.isprintable():
        return ()
    forms = [c for c in key if ord(c) in LETTERS or (c.isalnum() and unicodedata.normalize("NFKC", c) != c)]
    others = [c for c in key if c.isalpha() and c not in forms]
    latin = all(unicodedata.name(c, "").startswith("LATIN") for c in others)
    return tuple(dict.fromkeys(c for c in key if is_invisible(c) or (latin and c in forms)))


def visible(text: str) -> str:
    """A text with what cannot be seen or told apart spelled out: "J1<U+200B>", "А<U+0410>B"."""
    return "".join(_spelled_out(character) for character in text)


def _spelled_out(character: str) -> str:
    number = f"<U+{ord(character):04X}>"
    if is_invisible(character) or (character.isspace() and character != " "):
        return number
    return character + number if ord(character) in LETTERS else character
