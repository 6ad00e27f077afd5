"""Decodes a picture with Pillow and writes it to stdout as a new JPEG: nothing of the sent bytes is kept.

`core/media/pictures/clean.py` runs this file as a script in `core.sandbox`, in a fresh interpreter (`python -I -S`). So
it imports nothing of the project. Exit status 1: not a picture of an accepted format, damaged, or too large.
"""

import io
import sys

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 40_000_000
LONGEST = 2400  # pixels of the longer side afterwards
QUALITY = 85


def main(arguments: list[str]) -> int:
    """Rewrite one picture. `arguments`: the folder with the installed packages, the picture's path."""
    packages, path = arguments
    sys.path.append(packages)
    from PIL import Image, ImageOps

    try:
        with Image.open(path, formats=FORMATS) as sent:
            if sent.width * sent.height > MOST_PIXELS:
                return 1
            upright = ImageOps.exif_transpose(sent).convert("RGBA")
        upright.thumbnail((LONGEST, LONGEST))
        page = Image.new("RGB", upright.size, "white")  # under what is transparent
        page.paste(upright, mask=upright)
        written = io.BytesIO()
        page.save(written, "JPEG", quality=QUALITY)
    except Exception as error:  # noqa: BLE001  # whatever a hostile file leads to is that file's fault
        sys.stderr.write(f"{type(error).__name__}: {error}")
        return 1
    sys.stdout.buffer.write(written.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
