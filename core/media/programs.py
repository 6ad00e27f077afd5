"""Where ffmpeg is, how it is told to read a film, and how it is run on files that we made ourselves."""

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path


@cache
def ffmpeg() -> str:
    """The path of ffmpeg: the system's, or else the one in imageio-ffmpeg."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


@cache
def has_chromaprint() -> bool:
    """Whether this ffmpeg can make fingerprints of sound. Debian's and imageio-ffmpeg's can."""
    command = [ffmpeg(), "-hide_banner", "-h", "muxer=chromaprint"]
    said = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603
    return b"Muxer chromaprint" in said.stdout


def input_options(path: Path) -> list[str]:
    """The ffmpeg options to read an MP4 at this path.

    The path cannot act as an option, and ffmpeg opens no other protocol, format (a playlist) or file.
    """
    return ["-protocol_whitelist", "file", "-f", "mov", "-i", f"file:{path.absolute()}"]


def run_trusted(command: Sequence[str | Path]) -> None:
    """Run a program on files that we made ourselves. Raises RuntimeError with its stderr (last 400 characters)."""
    words = [str(word) for word in command]
    completed = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603
    if completed.returncode:
        raise RuntimeError(completed.stderr.decode("utf-8", "replace").strip()[-400:])
