"""Finds text shown to users without the catalogue: in pages, modules, templates and scripts."""

import ast
import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser

from tests.words import VIETNAMESE

NAMES = r"""
title header subheader markdown caption text write button link_button download_button form_submit_button
text_input text_area number_input selectbox multiselect radio checkbox toggle slider date_input time_input
segmented_control pills metric info warning error success toast expander popover dialog tabs status spinner
progress page_link Column
"""
SHOWN = frozenset(NAMES.split())  # functions that show their first argument
SPOKEN = frozenset({"label", "help", "placeholder", "alt", "title", "page_title", "caption", "empty"})  # keywords
ATTRIBUTES = frozenset({"aria-label", "title", "alt", "placeholder"})
LETTER = re.compile(r"[^\W\d_]{2,}")
NOT_WORDS = re.compile(r"[*`:_]|:material/\w+:")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
SCRIPT = re.compile(r"//[^\n]*|/\*.*?\*/|`(?:\\.|[^`\\])*`|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)
SENTENCE = re.compile(r"^[A-Z][a-z]+(?: [a-z]+)+[.!?…]?$|[a-z]+ [a-z]+ [a-z]+")

Found = list[tuple[str, int]]


def on_page(code: str) -> Found:
    """The literal texts that a page passes to Streamlit without the catalogue, each with its line."""
    calls = [each for each in ast.walk(ast.parse(code)) if isinstance(each, ast.Call)]
    return [(text, call.lineno) for call in calls for text in _texts(call) if LETTER.search(NOT_WORDS.sub("", text))]


def _texts(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in SHOWN and call.args and not _to_the_log(call.func):
        yield from _bare(call.args[0])
    for keyword in call.keywords:
        if keyword.arg in SPOKEN:
            yield from _bare(keyword.value)


def _to_the_log(called: ast.expr) -> bool:
    """True for a call of the logger: operators read the log, so it is in no visitor's language."""
    return isinstance(called, ast.Attribute) and ast.unparse(called.value).lower().startswith("log")


def _bare(argument: ast.expr) -> list[str]:
    match argument:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return [str(part.value) for part in parts if isinstance(part, ast.Constant)]
        case ast.BinOp(left=left, right=right):
            return _bare(left) + _bare(right)
        case ast.IfExp(body=body, orelse=other):
            return _bare(body) + _bare(other)
        case ast.List(elts=each) | ast.Tuple(elts=each):
            return [text for one in each for text in _bare(one)]
    return []


def in_module(module: ast.Module, known: Collection[str]) -> Found:
    """Vietnamese strings of a module that are neither in `known` nor in a docstring."""
    docstrings = {id(each) for node in ast.walk(module) for each in _docstring(node)}
    words = (each for each in ast.walk(module) if isinstance(each, ast.Constant) and isinstance(each.value, str))
    return [
        (str(each.value), each.lineno)
        for each in words
        if VIETNAMESE.search(str(each.value)) and each.value not in known and id(each) not in docstrings
    ]


def _docstring(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
        first = node.body[0]
        return [first.value] if isinstance(first, ast.Expr) else []
    return []


class _Bare(HTMLParser):
    """Collects the text of a template before anything is filled in; names of keyboard keys are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Found = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within.append(tag)
        self.found += [
            (text, self.getpos()[0]) for name, text in attrs if text and name in ATTRIBUTES and _is_word(text)
        ]

    def handle_endtag(self, tag: str) -> None:
        while tag in self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if _is_word(data) and not {"script", "style", "kbd"} & set(self.within):
            self.found.append((data.strip(), self.getpos()[0]))


def _is_word(text: str) -> bool:
    return bool(LETTER.search(text))


def in_template(text: str) -> Found:
    """The texts of a template that do not go through the catalogue."""
    bare = _Bare()
    bare.feed(JINJA.sub(lambda each: "\n" * each[0].count("\n"), text))
    return bare.found


def in_script(text: str) -> Found:
    """The strings of a script that a user would read: scripts must get their texts from the template."""
    found = ((each[0], text.count("\n", 0, each.start()) + 1) for each in SCRIPT.finditer(text) if each[0][0] != "/")
    strings = ((string[1:-1], line) for string, line in found)
    return [(string, line) for string, line in strings if VIETNAMESE.search(string) or SENTENCE.search(string)]
