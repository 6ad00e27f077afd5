"""A certificate for localhost that nobody else vouches for."""

import subprocess
from pathlib import Path


def self_signed(folder: Path) -> Path:
    """Make `server.pem` and `server.key` in this folder; returns the first."""
    made = folder / "server.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    files = ["-keyout", str(made.with_suffix(".key")), "-out", str(made)]
    names = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(["openssl", *words.split(), *names, *files], check=True, capture_output=True)
    return made
