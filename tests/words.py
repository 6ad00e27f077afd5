"""The sentences of the house, found where they are said, and the catalogues brought up to date: `make words`.

A sentence is the first argument of `_("…")` on a page or in a template, of `Sentence("…")`, of `Refusal("…")`, or of
`super().__init__("…")` in a class that is a refusal. Vietnamese is the source: its catalogue says the source itself.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from core.rules.words import Language
from core.speech import catalogue

ROOT = Path(__file__).resolve().parent.parent
SAYING = frozenset({"_", "Sentence", "said_as", "N_"})
FIELD = re.compile(r"\{(\w+)[^{}]*\}")
VIETNAMESE = re.compile(r"[à-ỹđÀ-ỸĐ]")


@dataclass(frozen=True, order=True)
class Place:
    """Where a sentence is said."""

    path: str
    line: int


@cache
def sources() -> dict[str, list[Place]]:
    """Every sentence of the house with the places where it is said."""
    found: dict[str, list[Place]] = {}
    for path in sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("pages/**/*.py"), ROOT / "app.py"]):
        for text, line in in_code(path.read_text()):
            found.setdefault(text, []).append(Place(str(path.relative_to(ROOT)), line))
    for path in sorted(ROOT.glob("core/web/templates/**/*.html")):
        for text, line in in_template(path.read_text()):
            found.setdefault(text, []).append(Place(str(path.relative_to(ROOT)), line))
    return found


def in_code(code: str) -> Iterator[tuple[str, int]]:
    """The sentences of a module, each with its line."""
    tree = ast.parse(code)
    refusals = {node for each in ast.walk(tree) if isinstance(each, ast.ClassDef) for node in ast.walk(each)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        above = name == "__init__" and node in refusals
        if name in SAYING or name == "Refusal" or above:
            for text in _literals(node.args[0]):
                if not above or VIETNAMESE.search(text):
                    yield text, node.lineno


def _literals(argument: ast.expr) -> Iterator[str]:
    """The literal that is said; both, where one of two is chosen."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value.strip():
        yield argument.value
    elif isinstance(argument, ast.IfExp):
        yield from _literals(argument.body)
        yield from _literals(argument.orelse)


def in_template(text: str) -> Iterator[tuple[str, int]]:
    """The sentences of a template, each with its line."""
    for call in Environment(autoescape=True).parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args:
            argument = call.args[0]
            if isinstance(argument, nodes.Const):
                yield str(argument.value), call.lineno


def fields(text: str) -> frozenset[str]:
    """The facts a sentence leaves room for."""
    return frozenset(FIELD.findall(text))


def read(language: Language) -> Catalog:
    """The catalogue of a language; an empty one where none lies there yet."""
    path = catalogue(language)
    if not path.exists():
        return Catalog(locale=language.value)
    with path.open("rb") as file:
        return read_po(file, locale=language.value)


def updated(language: Language) -> Catalog:
    """The catalogue with every sentence of the house and no other; what was translated stays translated."""
    known = read(language)
    fresh = Catalog(locale=language.value, project="Bàn Giám khảo", fuzzy=False, charset="utf-8")
    fresh.header_comment = "# What the desk says. Brought up to date by `make words`."
    fresh.revision_date = fresh.creation_date = known.creation_date
    for text, places in sorted(sources().items()):
        before = known.get(text)
        said = str(before.string) if before is not None and before.string else ""
        files = sorted({place.path for place in places})
        fresh.add(text, said or (text if language is Language.VI else ""), locations=[(path, 0) for path in files])
    return fresh


def main() -> None:
    """Bring both catalogues up to date and say what is left to translate."""
    for language in Language:
        path, fresh = catalogue(language), updated(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, fresh, width=120, omit_header=False, sort_output=True, include_lineno=False)
        left = sum(not each.string for each in fresh if each.id)
        print(f"{language.value}: {len(fresh)} sentences, {left} to translate")


if __name__ == "__main__":
    main()
