"""Which package may import which (docs/design.md, Layout), where pages may be, and how long a file may be."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = {
    "core": 300,
    "pages": 300,
    "bench": 300,
    "tests": 450,
}  # lines; from 250 on, consider splitting the file
STANDARD_LIBRARY_ONLY = "core.rules"
MAY = {  # room -> the rooms it may ask; the most exact room is the one that counts
    "pages": {"core.http_names", "core.desk", "core.rules", "core.speech", "core.settings", "pages.kit"},
    "pages.router": {"core.rules", "pages"},
    "core.rules": set(),
    "core.http_names": set(),
    "core.speech": {"core.rules"},
    "core.service_settings": {"core.rules"},
    "core.settings": {"core.rules", "core.service_settings"},
    "core.store": {"core.rules"},
    "core.media": {"core.rules", "core.sandbox"},
    "core.sandbox": set(),
    "core.live": {"core.rules"},
    "core.jobs": {"core.rules", "core.store"},
    "core.papers": {"core.rules", "core.speech"},
    "core.desk": {
        "core.rules",
        "core.store",
        "core.media",
        "core.papers",
        "core.jobs",
        "core.sandbox",
        "core.speech",
        "core.settings",
    },
    "core.web": {"core.http_names", "core.desk", "core.live", "core.rules", "core.speech", "core.settings"},
    "core.cli": {
        "core.desk",
        "core.rules",
        "core.speech",
        "core.settings",
        "core.store.engine",
        "core.media",
        "core.papers",
    },
    "core.__main__": {"core.cli"},
}
ONLY_IN = {  # library -> the only packages that may import it
    "streamlit": ("pages", "app"),
    "streamlit_authenticator": ("pages.account",),
    "sqlalchemy": ("core.store",),
    "alembic": ("core.store",),
    "psycopg": ("core.store",),
    "cryptography": ("core.store.signing",),
    "segno": ("core.papers",),
    "moviepy": ("core.media",),
    "rapidfuzz": ("core.desk.matching",),
    "plotly": ("pages", "core.web"),
    "pandas": ("pages",),
    "starlette": ("core.web", "app"),
}
CLOCK_AND_CHANCE = frozenset({"random", "secrets", "time", "os", "socket", "sqlite3", "subprocess", "threading"})


@dataclass(frozen=True)
class Import:
    """One module that imports another."""

    path: Path
    line: int
    asks: str  # the module, dotted
    of: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.asks} imports {self.of}"


def imports(tree: Path) -> Iterator[Import]:
    """Every import of a module of the project in `tree`."""
    for path in sorted([*tree.glob("core/**/*.py"), *tree.glob("pages/**/*.py"), *tree.glob("app.py")]):
        within = path.relative_to(tree)
        name = ".".join(within.with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (Import(within, node.lineno, name, each.name) for each in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    parts = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
                    base = ".".join([*parts[: len(parts) - node.level + 1], *([base] if base else [])])
                yield from (Import(within, node.lineno, name, f"{base}.{each.name}") for each in node.names)


def broken(found: Import) -> bool:
    """True if the import is not allowed."""
    top = found.of.split(".")[0]
    if top in ONLY_IN and not any(_inside(found.asks, room) for room in ONLY_IN[top]):
        return True
    if _inside(found.asks, STANDARD_LIBRARY_ONLY) and (top in CLOCK_AND_CHANCE or not _standard(top, found.of)):
        return True
    if top not in {"core", "pages", "tests", "bench"} or found.asks == "app":
        return False
    room = max((each for each in MAY if _inside(found.asks, each)), key=len, default=None)
    if room is None:
        return found.asks != "core"
    own = found.asks.rpartition(".")[0] if room == "pages" else room
    return not any(_inside(found.of, each) for each in {own, *MAY[room]})


def _inside(module: str, room: str) -> bool:
    return module == room or module.startswith(room + ".")


def _standard(top: str, of: str) -> bool:
    import sys

    return top in sys.stdlib_module_names or _inside(of, "core.rules")


def planted(tree: Path, path: str, code: str) -> Path:
    file = tree / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(code, encoding="utf-8")
    return tree


def test_imports_follow_the_layers() -> None:
    assert [str(each) for each in imports(ROOT) if broken(each)] == []


@pytest.mark.parametrize(
    "path,code",
    [
        ("core/rules/scoring/ranking.py", "import random"),
        ("core/rules/scoring/ranking.py", "from time import time"),
        ("core/rules/scoring/ranking.py", "import numpy"),
        ("core/rules/scoring/ranking.py", "from core.store import engine"),
        ("core/store/engine.py", "from core.desk import context"),
        ("core/store/engine.py", "def f():\n    import streamlit"),
        ("core/desk/context.py", "import sqlalchemy as sa"),
        ("core/desk/context.py", "from core.web.gate import gate"),
        ("core/live/watcher.py", "from core import store"),
        ("core/web/board/live.py", "from core.store.engine import Store"),
        ("core/papers/layout/page.py", "import moviepy"),
        ("pages/judge/queue.py", "from core.store.queries import sheets"),
        ("pages/judge/queue.py", "from pages.committee import standings"),
        ("pages/judge/queue.py", "from ..committee import standings"),
        ("pages/judge/queue.py", "import sqlalchemy"),
        ("core/new_room/x.py", "from core.rules import words"),
    ],
)
def test_a_forbidden_import_is_caught(tmp_path: Path, path: str, code: str) -> None:
    assert [each for each in imports(planted(tmp_path, path, code)) if broken(each)]


@pytest.mark.parametrize(
    "path,code",
    [
        ("core/rules/scoring/ranking.py", "from fractions import Fraction\nfrom core.rules.scoring.marks import apart"),
        ("core/store/engine.py", "import sqlalchemy\nfrom core.rules import words"),
        (
            "pages/judge/queue.py",
            "import streamlit\nfrom core.desk.judging import judge_queue\nfrom pages.judge import cards",
        ),
        ("app.py", "from core.web.application import Application\nimport streamlit"),
    ],
)
def test_an_allowed_import_is_not(tmp_path: Path, path: str, code: str) -> None:
    assert [str(each) for each in imports(planted(tmp_path, path, code)) if broken(each)] == []


def test_no_page_is_in_a_folder_where_streamlit_would_run_it_without_the_router() -> None:
    """Streamlit runs the scripts of a `pages/` folder beside its entry script without running the entry script."""
    beside = {path.name for path in (ROOT / "pages").glob("*.py")}
    assert beside <= {"__init__.py", "router.py"}
    assert not (ROOT / "pages" / "pages").exists()


def test_no_file_is_longer_than_one_idea() -> None:
    lengths = {
        str(path.relative_to(ROOT)): (len(path.read_text(encoding="utf-8").splitlines()), most)
        for room, most in LONGEST.items()
        for path in sorted((ROOT / room).rglob("*.py"))
    }
    assert {path: lines for path, (lines, most) in lengths.items() if lines > most} == {}


def test_permissions_are_checked_by_the_rules_only() -> None:
    """docs/design.md, Permissions: permissions are predicates; no other module may compare roles."""
    compared = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ("core/desk", "core/web")
        for path in sorted((ROOT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "has"
    ]
    assert compared == []


def test_reauthentication_is_created_in_one_place_only() -> None:
    """An irreversible action takes a `Reauthenticated`; one created elsewhere would skip the password check."""
    made = {
        str(path.relative_to(ROOT))
        for room in ("core", "pages")
        for path in sorted((ROOT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Reauthenticated"
    }
    assert made == {"core/desk/accounts/reauthentication.py"}


def test_every_public_name_of_the_core_has_a_docstring() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
        for path in sorted((ROOT / "core").rglob("*.py"))
        if "migrations" not in path.parts
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_committed_files_mention_only_the_project() -> None:
    private = re.compile(r"/(?:work|root|home)/|file://(?!/)")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for room in ("core", "pages", "bench", "data/contests")
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix in {".py", ".toml", ".html", ".css", ".js"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if private.search(line)
    ]
    assert found == []
