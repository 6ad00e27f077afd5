"""Films that are made from a film of the studio for the demo: a copy in disguise, one too short, one with a silent part."""

from pathlib import Path

from core.media import programs

MIRRORED, TOO_SHORT, SILENT_PART = "mirrored", "too_short", "silent_part"
SHARE = 0.6  # of a film of a few seconds that is left of it; of a whole film all but the last CUT_S
CUT_S = 236  # seconds: the plan asks for 240
_COPIED = ["-c", "copy"]


def treated(source: Path, treatment: str, path: Path, seconds: int) -> Path:
    """Make a film from `source` (of `seconds`) at `path`. Raises KeyError for an unknown treatment, RuntimeError."""
    silent = f"volume=enable='between(t,{seconds // 4},{seconds // 2})':volume=0"
    options = {
        MIRRORED: ["-vf", "hflip", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "30", "-c:a", "copy"],
        TOO_SHORT: ["-t", str(CUT_S if seconds > CUT_S else round(SHARE * seconds)), *_COPIED],
        SILENT_PART: ["-af", silent, "-c:v", "copy", "-c:a", "aac"],
    }[treatment]
    programs.run_trusted(
        [
            programs.ffmpeg(),
            "-v",
            "error",
            "-y",
            *programs.input_options(source),
            *options,
            "-movflags",
            "+faststart",
            path,
        ]
    )
    return path
