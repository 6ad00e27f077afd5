"""The mark on every paper: a row of the result chain and the beginning of its hash, also as a QR code."""

import io
from dataclasses import dataclass

import segno

QUIET = 2  # modules of white around the code; the paper is white too


@dataclass(frozen=True, slots=True)
class PrintedMark:
    """`text`: "187:7f3a91c208d45be1". `address`: of the public result page with the mark; "" where the desk has none."""

    text: str
    address: str = ""

    def svg(self) -> str:
        """The address as a QR code: an `svg` element that scales. Raises ValueError where there is no address."""
        return str(self._code().svg_inline(border=QUIET, omitsize=True, light="#FFF", dark="#000"))

    def png(self) -> bytes:
        """The address as a QR code, black on white. Raises ValueError where there is no address."""
        file = io.BytesIO()
        self._code().save(file, kind="png", scale=8, border=QUIET)
        return file.getvalue()

    def _code(self) -> segno.QRCode:
        if not self.address:
            raise ValueError("no address")
        return segno.make_qr(self.address, error="m")
