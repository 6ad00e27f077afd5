"""Generates the tables of docs/licences.md from the metadata of the installed packages (`make licences`)."""

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"
LISTS = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
HEAD = "| package | version | licence | asks |\n|---|---|---|---|\n"
NOTICE = "keep its notice"  # the page says what that is
APACHE = f"{NOTICE}; mark changed files"
PSF = f"{NOTICE}; say what was changed"
MPL = f"{NOTICE}; offer the source of its files, changed or not"
LGPL = f"{NOTICE}; offer its source; let the receiver replace it"
COPYLEFT = frozenset({MPL, LGPL})
LICENCES = {  # what is asked -> the licences, as packages name them
    "nothing": ["MIT-0"],
    NOTICE: [
        "MIT", "MIT License", "MIT-CMU", "BSD License", "BSD-2-Clause", "BSD-3-Clause", "3-Clause BSD License",
        "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
        "Apache-2.0 OR BSD-2-Clause", "Apache-2.0 OR BSD-3-Clause",
    ],
    APACHE: [
        "Apache-2.0", "Apache 2.0", "Apache License 2.0", "Apache Software License", "Apache-2.0 AND MIT",
        "BSD-3-Clause, Apache-2.0, dependency licenses",
    ],
    PSF: ["PSF-2.0", "PSFL", "MIT AND PSF-2.0"],
    MPL: ["MPL-2.0", "MPL-2.0 AND MIT", "Mozilla Public License 2.0 (MPL 2.0)"],
    LGPL: ["LGPL-3.0-only"],
}  # fmt: skip
ASKS = {licence: asks for asks, licences in LICENCES.items() for licence in licences}


def pins(name: str) -> list[tuple[str, str]]:
    """The pinned packages of a requirements list with their versions, in alphabetical order."""
    return sorted(PIN.findall((ROOT / name).read_text(encoding="utf-8")))


def stated(package: str) -> str:
    """The licence that an installed package declares.

    Taken from the first of these that has a value: License-Expression, a License of one line, the classifiers, the
    first line of its licence file. Raises LookupError where none has.
    """
    one_line = " ".join(_fields(package, "License"))
    classifiers = [each.rpartition(" :: ")[2] for each in _fields(package, "Classifier") if each.startswith("License")]
    ways = (
        " ".join(_fields(package, "License-Expression")),
        "" if "\n" in one_line or one_line == "UNKNOWN" else one_line,
        ", ".join(classifiers),
        _title(package),
    )
    found = next(filter(None, ways), None)
    if found is None:
        raise LookupError(f"{package} names no licence")
    return found


def table(name: str) -> str:
    """The Markdown table for one list of packages. Raises KeyError for a licence that `LICENCES` does not have."""
    return HEAD + "".join(map(_row, pins(name)))


def written(page: str) -> str:
    """The page with each list's table replaced between its two comments."""
    for name in LISTS:
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, _, rest = page.partition(begin)
        page = before + begin + table(name) + end + rest.partition(end)[2]
    return page


def _row(pin: tuple[str, str]) -> str:
    package, version = pin
    licence = stated(package)
    asks = ASKS[licence] + ("; pass on its NOTICE file" if _has_notice(package) else "")
    cell = f"**{licence}**" if ASKS[licence] in COPYLEFT else licence
    return f"| {package} | {version} | {cell} | {asks} |\n"


def _fields(package: str, name: str) -> list[str]:
    return [str(value).strip() for value in metadata.metadata(package).get_all(name) or ()]


def _files(package: str, name: str) -> list[metadata.PackagePath]:
    """The metadata files of the package whose name starts with this."""
    return [
        path
        for path in metadata.files(package) or ()
        if ".dist-info" in str(path) and path.name.upper().startswith(name)
    ]


def _title(package: str) -> str:
    found = _files(package, "LICEN")
    return found[0].read_text(encoding="utf-8").strip().splitlines()[0] if found else ""


def _has_notice(package: str) -> bool:
    return bool(_files(package, "NOTICE"))


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
