"""`python -m core …`: the same desk without a screen."""

import io
import sys

from core.cli import main

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # Vietnamese and JSON are UTF-8, whatever the terminal calls its own
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
