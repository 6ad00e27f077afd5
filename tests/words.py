"""Finds the sentences of the application in its source and updates the catalogues: `make words`.

A sentence is the first argument of `_("…")` on a page or in a template, of `Sentence("…")`, of `translate("…")`, of a
refusal that passes its first argument on, or of `super().__init__("…")` in a refusal. The default text of such a
refusal's parameter is one too. A name in place of a literal is resolved to the values it is assigned in the same
file.

Vietnamese is the source language: in its catalogue every translation equals the source.
"""

import ast
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from core.rules.words import Language
from core.speech import catalogue

ROOT = Path(__file__).resolve().parent.parent
SENTENCE_CALLS = frozenset({"_", "Sentence", "translate"})
Classes = Mapping[str, ast.ClassDef]
FIELD = re.compile(r"\{(\w+)[^{}]*\}")
VIETNAMESE = re.compile(r"[À-ÖØ-öø-ỹ]")


@dataclass(frozen=True, order=True)
class Place:
    """Where a sentence is used."""

    path: str
    line: int


@cache
def modules() -> dict[str, ast.Module]:
    """The syntax tree of every module of the application, by path."""
    paths = sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("pages/**/*.py"), ROOT / "app.py"])
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in paths}


@cache
def sources() -> dict[str, list[Place]]:
    """Every sentence of the application with the places where it is used."""
    found: dict[str, list[Place]] = {}
    known_classes = classes(modules().values())
    for name, module in modules().items():
        for text, line in in_code(module, known_classes):
            found.setdefault(text, []).append(Place(name, line))
    for path in sorted(ROOT.glob("core/web/templates/**/*.html")):
        for text, line in in_template(path.read_text()):
            found.setdefault(text, []).append(Place(str(path.relative_to(ROOT)), line))
    return found


def classes(trees: Iterable[ast.Module]) -> Classes:
    """The classes of these modules, by name."""
    return {each.name: each for tree in trees for each in ast.walk(tree) if isinstance(each, ast.ClassDef)}


def in_code(module: ast.Module, known_classes: Classes) -> Iterator[tuple[str, int]]:
    """The sentences of a module, each with its line."""
    known = _set(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args and _is_sentence_call(node.func, known_classes):
            yield from ((text, node.lineno) for text in literals(node.args[0], known))
        if isinstance(node, ast.ClassDef) and is_refusal(node.name, known_classes):
            yield from _own_words(node, known)


def _is_sentence_call(called: ast.expr, known_classes: Classes) -> bool:
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    return name in SENTENCE_CALLS or passes_sentence_on(name, known_classes)


def is_refusal(name: str, known_classes: Classes) -> bool:
    """True for Refusal and every subclass of it."""
    return name == "Refusal" or (
        name in known_classes and any(is_refusal(base, known_classes) for base in _bases(known_classes[name]))
    )


def passes_sentence_on(name: str, known_classes: Classes) -> bool:
    """True where a refusal passes its first argument on as its sentence."""
    if name == "Refusal" or not is_refusal(name, known_classes):
        return name == "Refusal"
    init = _init_of(known_classes[name])
    if init is None:
        return any(passes_sentence_on(base, known_classes) for base in _bases(known_classes[name]))
    first = [each.arg for each in (*init.args.posonlyargs, *init.args.args)][1:2]
    return any(isinstance(call.args[0], ast.Name) and [call.args[0].id] == first for call in _calls_above(init))


def _own_words(refusal: ast.ClassDef, known: Mapping[str, list[str]]) -> Iterator[tuple[str, int]]:
    init = _init_of(refusal)
    if init is not None:
        for call in _calls_above(init):
            yield from ((text, call.lineno) for text in literals(call.args[0], known))
        for default in init.args.defaults:
            yield from ((text, default.lineno) for text in literals(default, known) if VIETNAMESE.search(text))


def _init_of(refusal: ast.ClassDef) -> ast.FunctionDef | None:
    return next((each for each in refusal.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None)


def _calls_above(init: ast.FunctionDef) -> list[ast.Call]:
    calls = (each for each in ast.walk(init) if isinstance(each, ast.Call) and each.args)
    return [each for each in calls if isinstance(each.func, ast.Attribute) and each.func.attr == "__init__"]


def _bases(made: ast.ClassDef) -> list[str]:
    return [base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in made.bases]


def _set(module: ast.Module) -> dict[str, list[str]]:
    """The names that a module assigns text to, with these texts."""
    known: dict[str, list[str]] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            known.setdefault(node.targets[0].id, []).extend(literals(node.value, {}))
    return known


def literals(argument: ast.expr, known: Mapping[str, list[str]]) -> Iterator[str]:
    """The text of a literal; both texts of a conditional expression."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value.strip():
        yield argument.value
    elif isinstance(argument, ast.IfExp):
        yield from literals(argument.body, known)
        yield from literals(argument.orelse, known)
    elif isinstance(argument, ast.Name):
        yield from (text for text in known.get(argument.id, []) if VIETNAMESE.search(text))


def in_template(text: str) -> Iterator[tuple[str, int]]:
    """The sentences of a template, each with its line."""
    for call in Environment(autoescape=True).parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args:
            argument = call.args[0]
            if isinstance(argument, nodes.Const):
                yield str(argument.value), call.lineno


def fields(text: str) -> frozenset[str]:
    """The names of the facts that a sentence has placeholders for."""
    return frozenset(FIELD.findall(text))


def read(language: Language) -> Catalog:
    """The catalogue of a language; an empty one where the file does not exist yet."""
    path = catalogue(language)
    if not path.exists():
        return Catalog(locale=language.value)
    with path.open("rb") as file:
        return read_po(file, locale=language.value)


def updated(language: Language) -> Catalog:
    """The catalogue with exactly the sentences of the application; existing translations are kept."""
    used = {text: sorted({place.path for place in places}) for text, places in sources().items()}
    return brought_up_to_date(read(language), used, language)


def brought_up_to_date(known: Catalog, used: Mapping[str, Sequence[str]], language: Language) -> Catalog:
    """A new catalogue of these sentences with the files that use them; translations are taken from a known one."""
    fresh = Catalog(locale=language.value, project="Bàn Giám khảo", fuzzy=False, charset="utf-8")
    fresh.header_comment = "# What the desk says. Brought up to date by `make words`."
    fresh.revision_date = fresh.creation_date = known.creation_date
    for text, files in sorted(used.items()):
        before = known.get(text)
        own = str(before.string) if before is not None and before.string else ""
        source = text if language is Language.VI else ""
        fresh.add(text, source or own, locations=[(path, 0) for path in files])
    return fresh


def written(catalog: Catalog) -> bytes:
    """The content of a catalogue's file."""
    file = io.BytesIO()
    write_po(file, catalog, width=120, sort_output=True, include_lineno=False)
    return file.getvalue()


def main() -> None:
    """Update both catalogues and print the sentences still to be translated."""
    for language in Language:
        path, fresh = catalogue(language), updated(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(fresh))
        left = [str(each.id) for each in fresh if each.id and not each.string]
        print(f"{language.value}: {len(fresh)} sentences, {len(left)} to translate", *left, sep="\n  ")


if __name__ == "__main__":
    main()
