"""Look-alike and invisible characters: the differences that two spellings of one name may have.

`TWINS` maps letters of other alphabets to the Latin letter they look like, from the Unicode table of confusable
characters (UTS #39). It also maps the dashes, apostrophes and quotation marks that word processors insert to the typed
ones. Compatibility forms of Latin letters (full-width, mathematical, circled) need no entry: NFKC maps them.
"""

import re
import unicodedata

# Latin letter -> the letters whose capital or small form looks like it. For three Greek letters the capital and the small
# form look like different Latin letters (Ηη, Νν, Υυ): each form has its own entry.
_LETTERS = {
    "a": "АаΑαɑᴀᎪꓮ", "b": "ВвЬьΒβʙᏴꓐ", "c": "СсϹϲᴄᏟꓚⲤⲥ", "d": "ԀԁᴅᎠꓓ", "đ": "ÐðƉɖƋƌ₫", "e": "ЕеΕεᴇᎬꓰ", "f": "ϜϝꜰꓝƑƒ",
    "g": "ԌԍɡɢցᏀꓖ", "h": "НнҺһΗʜհᎻꓧⲎ", "i": "ІіΙιɩıɪꓲⲒ", "j": "ЈјϳͿȷᴊյᎫꓙ", "k": "КкΚκᴋᏦꓗⲔ", "l": "ӀӏʟᏞꓡ",
    "m": "МмΜμᴍϺϻᎷꓟⲘ", "n": "пΝηɴոꓠⲚ", "o": "ОоΟοσᴏՕօꓳⲞⲟ", "p": "РрΡρϱᴘᏢꓑⲢⲣ", "q": "ԚԛզԳգ", "r": "гʀᎡꓣ",
    "s": "ЅѕꜱՏտᏚꓢ", "t": "ТтΤτᴛᎢꓔⲦ", "u": "υᴜՍսꓴ", "v": "ѴѵνᴠᏙꓦ", "w": "ԜԝᴡᎳꓪ", "x": "ХхΧχꓫⲬ", "y": "УуҮүΥϒγʏᎽꓬⲨ",
    "z": "ΖζᴢᏃꓜ", "3": "Зз",
}  # fmt: skip
_SIGNS = {"-": "‐‑‒–—―−˗⁃➖﹘", "'": "‘’‚‛ʼʹˈ′´ꞌ", '"': "“”„‟″«»", "/": "⁄∕", " ": "\u2800"}
_MARKS = {"\u0306": "\u030c", "\u0303": "\u0342", "\u031b": "\u0315"}  # ă ã ơ: breve, tilde, horn
# Characters with Unicode's Default_Ignorable_Code_Point that are not in category Cf: joiners, fillers, variation selectors.
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)

LETTERS = {ord(other): latin for latin, others in _LETTERS.items() for other in others}
TWINS = LETTERS | {ord(other): sign for sign, others in _SIGNS.items() for other in others}
MARKS = {ord(other): mark for mark, others in _MARKS.items() for other in others}


def is_invisible(character: str) -> bool:
    """True for a character with no glyph and no width: format and control characters, fillers, variation selectors."""
    category = unicodedata.category(character)
    if category == "Cf" or (category == "Cc" and not character.isspace()):
        return True
    return _IGNORABLE.match(character) is not None


def code_point(character: str) -> str:
    """The character's code point and Unicode name: "U+200B (ZERO WIDTH SPACE)"."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


def odd_characters(key: str) -> tuple[str, ...]:
    """The invisible characters of a key and the letters that only look Latin, each once, in the key's order.

    A look-alike letter is odd only where every other letter is Latin: "Иван" has letters without a Latin look-alike, so
    it is a word of another alphabet and none of its letters is odd.
    """
    if key.isascii() and key.isprintable():
        return ()
    forms = [c for c in key if ord(c) in LETTERS or (c.isalnum() and unicodedata.normalize("NFKC", c) != c)]
    others = [c for c in key if c.isalpha() and c not in forms]
    latin = all(unicodedata.name(c, "").startswith("LATIN") for c in others)
    return tuple(dict.fromkeys(c for c in key if is_invisible(c) or (latin and c in forms)))


def visible(text: str) -> str:
    """The text with the code point of each invisible or look-alike character: "J1<U+200B>", "А<U+0410>B"."""
    return "".join(_spelled_out(character) for character in text)


def _spelled_out(character: str) -> str:
    number = f"<U+{ord(character):04X}>"
    if is_invisible(character) or (character.isspace() and character != " "):
        return number
    return character + number if ord(character) in LETTERS else character
