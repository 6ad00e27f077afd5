"""Builds data/evidence/verify.html, one file without outside references, from data/evidence/page: `make verifier-page`.

The modules are joined into one script in the order of their imports, so no two of them may have the same top-level name.
The page's policy names the hashes of that script and of the styles.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "data" / "evidence" / "page"
PAGE = ROOT / "data" / "evidence" / "verify.html"
STATIC = ROOT / "core" / "web" / "static"
STYLES = (STATIC / "tokens.css", STATIC / "desk.css", SOURCES / "page.css")
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z0-9-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|const|class)", re.MULTILINE)
_TOP_LEVEL = re.compile(r"^(?:async function|function|const|let|class) (\w+)", re.MULTILINE)
_URL_IMPORT = re.compile(r'^@import url\("[^"]+"\);\n', re.MULTILINE)
_FACES = {"400 500": 400, "600 700": 600}  # CSS weights -> the file's weight
_RANGES = {"vietnamese": "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+1EA0-1EF9,U+20AB"}
_RANGES["latin"] = "U+0000-00FF,U+2000-206F,U+2122,U+2212"
_FONT_NOTICE = "/* Be Vietnam Pro, (c) 2021 The Be Vietnam Pro Project Authors, SIL Open Font License 1.1: https://openfontlicense.org */\n"


def ordered(entries: Iterable[str]) -> list[str]:
    """The modules that these import, each after those that it imports itself."""
    found: list[str] = []

    def visit(name: str) -> None:
        if name not in found:
            for imported in _IMPORT.findall((SOURCES / name).read_text(encoding="utf-8")):
                visit(imported)
            found.append(name)

    for entry in entries:
        visit(entry)
    return found


def joined(*entries: str) -> str:
    """One script of these modules and all that they import. Raises ValueError where two have the same top-level name."""
    parts, names = list[str](), dict[str, str]()
    for module in ordered(entries):
        text = (SOURCES / module).read_text(encoding="utf-8")
        for name in _TOP_LEVEL.findall(_EXPORT.sub("", text)):
            if name in names:
                raise ValueError(f"{name} is in {names[name]} and in {module}")
            names[name] = module
        parts.append(_EXPORT.sub("", _IMPORT.sub("", text)).rstrip() + "\n")
    return "\n".join(parts)


def script() -> str:
    """The page's script; it must not look like markup."""
    text = f'\n"use strict";\n(() => {{\n{joined("main.js")}}})();\n'
    if re.search(r"</script|<!--", text, re.IGNORECASE):
        raise ValueError("the script contains markup")
    return text


def style() -> str:
    """The desk's own styles and the page's, with the letters of its typeface."""
    sheets = (_URL_IMPORT.sub("", path.read_text(encoding="utf-8")).strip() for path in STYLES)
    return "\n" + "\n".join((*sheets, _fonts()))


def _fonts() -> str:
    faces = [_FONT_NOTICE]
    for weights, weight in _FACES.items():
        for subset, characters in _RANGES.items():
            path = STATIC / "fonts" / f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
            data = base64.b64encode(path.read_bytes()).decode()
            faces.append(
                f'@font-face {{ font-family: "Be Vietnam Pro"; font-weight: {weights}; unicode-range: {characters};\n'
                f'  src: url("data:font/woff2;base64,{data}") format("woff2"); }}\n'
            )
    return "".join(faces)


def policy(script_text: str, style_text: str) -> str:
    """The Content Security Policy: this script, these styles, a worker of the same script, and nothing else."""
    return (
        f"default-src 'none'; script-src '{_hash(script_text)}'; style-src '{_hash(style_text)}'; worker-src blob:; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def built() -> str:
    """The whole page."""
    parts = {"script": script(), "style": style()}
    parts["policy"] = policy(parts["script"], parts["style"])
    page = (SOURCES / "page.html").read_text(encoding="utf-8")
    return re.sub(r"\{(script|style|policy)\}", lambda found: parts[found[1]], page)


if __name__ == "__main__":
    PAGE.write_text(built(), encoding="utf-8")
