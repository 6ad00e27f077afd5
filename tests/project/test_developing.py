"""The recipes of docs/developing.md: each file named exists, and an addition that changes only these files works."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "developing.md").read_text(encoding="utf-8")
PATH = re.compile(r"`((?:core|pages|tests|docs|bench|data)/[\w./-]*|[A-Z]+\.md)`")
RECIPES = dict(re.findall(r"^## Recipe: (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))


def test_every_file_that_is_named_is_there() -> None:
    named = PATH.findall(PAGE)
    assert len(named) > 50
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_module_of_the_tree_is_in_the_map() -> None:
    tree = PAGE.split("```")[1]
    words = set(re.findall(r"\w+", tree))
    layers = ("rules", "desk", "store", "media", "papers", "sandbox", "live", "web", "cli")
    modules = [path for layer in layers for path in (ROOT / "core" / layer).rglob("*.py")]
    hidden = ("migrations", "payloads", "film")
    missing = [
        str(path.relative_to(ROOT))
        for path in modules
        if path.stem != "__init__" and path.stem not in words and path.parent.name not in hidden
        if "versions" not in path.parts
    ]
    assert missing == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the program, to which a test adds something new."""
    for folder in ("core", "data/contests", "data/locale", "tests"):
        ignored = shutil.ignore_patterns("__pycache__", "shots", "golden")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    return tmp_path


def plant(tree: Path, recipe: str, changes: Mapping[str, tuple[str, str]]) -> None:
    """Insert a text after another in each of these files; the recipe must name all of them."""
    for name, (after, new) in changes.items():
        assert f"`{name}`" in RECIPES[recipe], name
        text = (tree / name).read_text(encoding="utf-8")
        assert text.count(after) == 1, (name, after)
        (tree / name).write_text(text.replace(after, after + new), encoding="utf-8")


def run(tree: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=tree, capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": "/usr/bin:/bin", "DATA_DIR": str(tree / "var"), "PYTHONPATH": str(tree), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


HIGHEST = """    ScoringMethod(
        Method.HIGHEST, ratio=lambda totals, _: (totals[-1], 1), name=Sentence("Cao nhất"), noun=Sentence("điểm"),
        value=Sentence("{score}"), rules=lambda _: (),
    ),
"""


def test_a_scoring_method_that_is_planted_ranks(tree: Path) -> None:
    plant(
        tree,
        "a scoring method",
        {
            "core/rules/contest.py": ('    RANK_MEAN = "rank_mean"\n', '    HIGHEST = "highest"\n'),
            "core/rules/scoring/methods.py": (
                "_REGISTER = (\n",
                HIGHEST,
            ),
        },
    )
    contest = (tree / "data/contests/thang-10.toml").read_text(encoding="utf-8")
    (tree / "c.toml").write_text(re.sub(r'method = "\w+"', 'method = "highest"', contest), encoding="utf-8")
    keys = re.findall(r'^key = "(\w+)"$', contest.split("[[criteria]]", 1)[1].split("[[prizes]]")[0], re.MULTILINE)
    points = {"W1": ("0", "0", "0.5"), "W2": ("0.25", "0.25", "0.25")}
    lines = [
        f"{work},J{judge},{key},{point}"
        for work, given in points.items()
        for judge, point in enumerate(given)
        for key in keys
    ]
    (tree / "s.csv").write_text("entry,judge,criterion,points\n" + "\n".join(lines) + "\n", encoding="utf-8")
    out = run(tree, "-m", "core", "rank", "--contest", "c.toml", "--scores", "s.csv", "--format", "csv")
    assert out.splitlines()[1].split(",")[1] == "W1" and f"{len(keys) / 2:.2f}" in out.splitlines()[1]


def test_a_format_of_the_award_table_that_is_planted_is_exported(tree: Path) -> None:
    plant(
        tree,
        "a paper",
        {
            "core/papers/register.py": (
                "            lambda document, _names, mark: award_csv(document, mark),\n        ),\n",
                '        Format("txt", "text/plain", Sentence("TXT"), "", lambda of, _names, _mark: of.letterhead.contest.encode()),\n',
            )
        },
    )
    run(tree, "-m", "core", "init", "--contest", "data/contests/son-la-2024.toml")
    run(tree, "-m", "core", "export", "--out", "out")
    (made,) = (tree / "out").glob("*.txt")
    assert "Chuyển đổi số" in made.read_text(encoding="utf-8")


def test_a_role_that_is_planted_is_given(tree: Path) -> None:
    plant(
        tree,
        "a role",
        {
            "core/rules/access.py": ('    ADMIN = "admin"\n', '    AUDITOR = "auditor"\n'),
            "core/cli/demo.py": (
                '        Role.ADMIN: Sentence("quản trị viên"),\n',
                '        Role.AUDITOR: Sentence("kiểm tra"),\n',
            ),
        },
    )
    run(tree, "-m", "core", "init", "--contest", "data/contests/son-la-2024.toml")
    run(tree, "-m", "core", "account", "add", "kiemtra", "--name", "Lò Văn Kiểm", "--roles", "auditor")
    assert "auditor" in run(tree, "-m", "core", "account", "list")


EVENT = """
from core.store.engine import connect
from core.store.migrate import migrate
from core.desk.maintenance import operations
from core.store.events import payloads
from tests.desk.contest_with_panel import assigned_panel
store = connect("sqlite:///planted.db")
migrate(store)
assigned_panel(store)
store.change(lambda unit: unit.record(at=1, actor="system", payload=payloads.HallOpened("Nhà văn hóa" == "")))
print(operations.verify(store).findings)
store.close()
"""


def test_an_event_that_is_planted_is_recorded_and_verified(tree: Path) -> None:
    plant(
        tree,
        "a ledger event",
        {
            "core/store/events/payloads/__init__.py": (
                "from core.store.events.payloads.judging import (\n",
                "    HallOpened,\n",
            ),
            "core/store/events/__init__.py": (
                "_ALL = (\n",
                '    Event("hall.opened", Chain.RESULT, p.HallOpened, Sentence("Mở hội trường"), Touches.NOTHING),\n',
            ),
            "core/store/replay/events.py": ("ACTS: dict[str, Act] = {\n", '    "hall.opened": _nothing,\n'),
            "core/desk/maintenance/conduct.py": ("RULES: dict[str, Rule] = {\n", '    "hall.opened": _system,\n'),
        },
    )
    assert "`core/store/events/payloads`" in RECIPES["a ledger event"]
    with (tree / "core/store/events/payloads/judging.py").open("a", encoding="utf-8") as file:
        file.write("\n\nclass HallOpened(Payload, frozen=True):\n    full: bool\n")
    assert run(tree, "-c", EVENT).strip() == "()"
