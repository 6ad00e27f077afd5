"""A PDF read back as a person holds it: the words of each page, the size of the paper and of the type."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

import pypdfium2 as pdfium
from pypdfium2 import raw

MARGIN = 57.0  # points: 20 mm, where headers and footers stand


@dataclass(frozen=True)
class Printed:
    """One page; sizes in points."""

    text: str  # squeezed
    width: float
    height: float
    type_size: float  # of the smallest letter or digit between header and footer
    cut: tuple[str, ...]  # characters that reach beyond the paper
    brightness: float  # the mean of its pixels, 0 (black) to 255
    palest: float  # the least contrast of a printed character with white paper, 1 to 21

    def has(self, words: str) -> bool:
        """True where these words stand on the page."""
        return squeezed(words) in self.text

    @property
    def is_a4(self) -> bool:
        return abs(min(self.width, self.height) - 595.3) < 1 and abs(max(self.width, self.height) - 841.9) < 1.5

    @property
    def landscape(self) -> bool:
        return self.width > self.height


def pages(content: bytes) -> list[Printed]:
    """Every page of a PDF."""
    document = pdfium.PdfDocument(content)
    try:
        return [_page(document[number]) for number in range(len(document))]
    finally:
        document.close()


def squeezed(text: str) -> str:
    """The text without any space: where words part on paper is told by their places, and not always read back."""
    return "".join(text.split())


def _page(page: pdfium.PdfPage) -> Printed:
    width, height = page.get_size()
    words = page.get_textpage()
    marks = list(_characters(words))
    cut = tuple(
        each for each, _, (left, bottom, right, top) in marks if left < 0 or bottom < 0 or right > width or top > height
    )
    picture = page.render(scale=0.5).to_pil().convert("L")
    tones = picture.histogram()
    bright = sum(tone * count for tone, count in enumerate(tones)) / sum(tones)
    text = squeezed(words.get_text_bounded())
    palest = min((_contrast(words, at) for at in range(words.count_chars()) if _is_printed(words, at)), default=21.0)
    inside = [(letter, size) for letter, size, (_, low, _, high) in marks if low > MARGIN and high < height - MARGIN]
    smallest = min((size for letter, size in inside if letter.isalnum()), default=0.0)
    return Printed(text, width, height, smallest, cut, bright, palest)


def _characters(words: pdfium.PdfTextPage) -> Iterator[tuple[str, float, tuple[float, float, float, float]]]:
    """Each character with the size it is printed at and its box."""
    matrix = raw.FS_MATRIX()
    for at in filter(lambda at: _is_printed(words, at), range(words.count_chars())):
        raw.FPDFText_GetMatrix(words.raw, at, ctypes.byref(matrix))
        size = raw.FPDFText_GetFontSize(words.raw, at) * hypot(matrix.c, matrix.d)
        yield chr(raw.FPDFText_GetUnicode(words.raw, at)), size, words.get_charbox(at)


def _is_printed(words: pdfium.PdfTextPage, at: int) -> bool:
    letter = chr(raw.FPDFText_GetUnicode(words.raw, at))
    return letter.isprintable() and not letter.isspace() and not raw.FPDFText_IsGenerated(words.raw, at)


def _contrast(words: pdfium.PdfTextPage, at: int) -> float:
    """Contrast with white, as WCAG 2.2 defines it."""
    parts = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFText_GetFillColor(words.raw, at, *map(ctypes.byref, parts))
    red, green, blue = (_linear(part.value / 255) for part in parts[:3])
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
