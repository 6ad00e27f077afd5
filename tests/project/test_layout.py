"""The folders of `core`: no import circle between them, only the edges of the table, and a bounded number of modules.

A folder counts as one node with all of its modules; its sub-folders are nodes of their own. A module directly in a layer
(`core/desk/context.py`) is a node too: some of them are below the folders beside them, some above.
"""

import graphlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.project.test_imports import ROOT, imports, planted

LAYERS = frozenset({"core", "pages", *(f"core.{path.name}" for path in (ROOT / "core").iterdir() if path.is_dir())})
MOST = 12  # modules in a folder; the aim is about ten
LARGER = {
    "bench": "one script for each figure, and their frame",
    "core.cli": "one module for each command",
}
SMALLER = {
    "core.store.migrations": "Alembic's own layout",
    "core.store.migrations.versions": "the same: one file for each version of the tables",
}
MAY_ASK: dict[str, dict[str, str]] = {  # layer -> node -> the nodes beside it that it may import
    "core.desk": {
        "accounts": "assignments authorization context matching",
        "assignments": "authorization context judging",
        "authorization": "context",
        "award_table": "context interactions",
        "awards": "accounts authorization award_table checkpoints context judging noted_hash printed_marks standings",
        "channel": "authorization context interactions judging printed_marks",
        "checkpoints": "context",
        "robustness": "award_table context",
        "demo": "accounts channel context entries files interactions judging screening setup stored_forms uploads",
        "entries": "accounts authorization background context matching stored_forms text_input uploads",
        "files": "table_files text_input",
        "finals": "accounts assignments authorization background checkpoints context entries judging matching printed_marks setup stored_forms uploads",
        "background": "authorization context judging stored_forms",
        "interaction_freezes": "authorization awards context interactions judging",
        "interactions": "authorization checkpoints context",
        "judging": "authorization context",
        "maintenance": "accounts authorization award_table background context entries interactions judging matching noted_hash text_input",
        "matching": "authorization context stored_forms",
        "person_data": "authorization context entries matching stored_forms",
        "printed_marks": "checkpoints context noted_hash",
        "rounds": "accounts authorization checkpoints context judging",
        "table_files": "text_input",
        "uploads": "authorization context",
        "setup": "assignments background context files matching text_input",
        "screening": "authorization background context entries judging matching stored_forms",
        "standings": "award_table context interactions judging matching",
        "submission_tables": "authorization context entries matching stored_forms table_files",
    },
    "core.store": {
        "acts_log": "events ledger",
        "backup": "database engine migrate",
        "database": "ledger tables",
        "engine": "acts_log database ledger_rows signing write_transaction",
        "events": "events.payloads ledger",
        "films": "tables",
        "finals": "tables",
        "health": "engine migrate tables",
        "ledger_rows": "ledger tables",
        "migrate": "database engine postgresql",
        "migrations.versions": "migrations",
        "people": "ledger tables",
        "postgresql": "engine tables",
        "publications": "ledger tables",
        "queries": "events ledger ledger_rows people tables write_transaction",
        "replay": "events events.payloads ledger people tables",
        "signing": "events events.payloads ledger ledger_rows tables",
        "tables": "table_groups",
        "verification": "events events.payloads ledger ledger_rows migrate replay signing tables",
        "write_transaction": "database events events.payloads ledger people signing",
    },
    "core.jobs": {"worker": "job_kind"},
    "core.media": {
        "content_check": "full_decode probe",
        "copies": "monitor probe programs",
        "decoding": "monitor probe programs",
        "fingerprint": "full_decode monitor",
        "film": "programs",
        "full_decode": "monitor probe programs",
        "inspect": "decoding monitor probe",
        "poster": "decoding full_decode monitor probe",
        "probe": "mp4",
    },
    "core.web": {
        "application": "assets board downloads entry films gate health http log_lines results sheet sign_in streamlit_page uploads worker_process",
        "board": "assets http",
        "downloads": "http",
        "entry": "assets http uploads",
        "films": "http",
        "results": "http",
        "gate": "http streamlit_page",
        "http": "assets",
        "sheet": "assets http",
        "sign_in": "assets gate http",
        "streamlit_page": "assets http",
        "uploads": "http",
    },
}


def node(tree: Path, module: str) -> str:
    """The node of a module or of a name in a module: its folder, or the module itself if it is directly in a layer."""
    parts = module.split(".")
    while len(parts) > 1 and not (_is_folder(tree, parts) or tree.joinpath(*parts).with_suffix(".py").exists()):
        parts.pop()
    if _is_folder(tree, parts) or ".".join(parts[:-1]) in {"", *LAYERS}:
        return ".".join(parts)
    return ".".join(parts[:-1])


def _is_folder(tree: Path, parts: list[str]) -> bool:
    return tree.joinpath(*parts).is_dir()


def edges(tree: Path) -> dict[str, set[str]]:
    """Node -> the nodes that it imports."""
    found: dict[str, set[str]] = {}
    for each in imports(tree):
        if each.of.split(".")[0] in {"core", "pages"}:
            importer, of = node(tree, each.asks), node(tree, each.of)
            if importer != of:
                found.setdefault(importer, set()).add(of)
    return found


def circle(found: Mapping[str, set[str]]) -> list[str]:
    """The nodes of an import circle; empty if there is none."""
    try:
        graphlib.TopologicalSorter(found).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def unforeseen(found: Mapping[str, set[str]]) -> Iterator[str]:
    """Each edge within a layer of the table that the table does not list."""
    for layer, table in MAY_ASK.items():
        for importer, imported in sorted(found.items()):
            if importer.startswith(layer + "."):
                may = {f"{layer}.{name}" for name in table.get(importer.removeprefix(layer + "."), "").split()}
                beside = {each for each in imported if each.startswith(layer + ".")}
                yield from (f"{importer} -> {each}" for each in sorted(beside - may))


def sizes(tree: Path) -> dict[str, int]:
    """Folder -> its modules without `__init__`; a folder without modules contains only folders."""
    found: dict[str, int] = {}
    for path in sorted(each for top in ("core", "pages", "tests", "bench") for each in (tree / top).rglob("*.py")):
        folder = ".".join(path.parent.relative_to(tree).parts)
        found[folder] = found.get(folder, 0) + (path.name != "__init__.py")
    return found


def test_no_import_cycle_between_folders() -> None:
    assert circle(edges(ROOT)) == []


def test_a_folder_imports_what_the_table_says() -> None:
    assert list(unforeseen(edges(ROOT))) == []


def test_the_table_names_only_what_is_there() -> None:
    found = edges(ROOT)
    stale = [
        f"{layer}: {importer} -> {name}"
        for layer, table in MAY_ASK.items()
        for importer, names in table.items()
        for name in names.split()
        if f"{layer}.{name}" not in found.get(f"{layer}.{importer}", set())
    ]
    assert stale == []


def test_no_folder_is_too_large() -> None:
    assert {folder: size for folder, size in sizes(ROOT).items() if size > MOST and folder not in LARGER} == {}


def test_no_folder_of_the_core_contains_only_one_module() -> None:
    small = [folder for folder, size in sizes(ROOT).items() if size < 2 and folder.startswith("core.")]
    assert [folder for folder in small if folder not in SMALLER and not _has_folders(folder)] == []


def _has_folders(folder: str) -> bool:
    return any(each.startswith(f"{folder}.") for each in sizes(ROOT))


@pytest.mark.parametrize("exempt", [*LARGER, *SMALLER])
def test_what_is_exempt_is_there(exempt: str) -> None:
    assert exempt in sizes(ROOT)


class TestGuards:
    """A planted circle, edge and folder are found."""

    def test_a_circle(self, tmp_path: Path) -> None:
        planted(tmp_path, "core/desk/awards/a.py", "from core.desk.standings import b")
        planted(tmp_path, "core/desk/standings/b.py", "def f():\n    from core.desk.awards.c import X")
        planted(tmp_path, "core/desk/awards/c.py", "from core.desk.awards import a")
        assert set(circle(edges(tmp_path))) == {"core.desk.awards", "core.desk.standings"}

    def test_a_module_in_a_layer_is_not_part_of_its_folder(self, tmp_path: Path) -> None:
        planted(tmp_path, "core/desk/context.py", "")
        planted(tmp_path, "core/desk/awards/a.py", "from core.desk import context")
        planted(tmp_path, "core/desk/rounds.py", "from core.desk.awards import a")
        assert circle(edges(tmp_path)) == []
        assert edges(tmp_path)["core.desk.rounds"] == {"core.desk.awards"}

    def test_an_edge(self, tmp_path: Path) -> None:
        planted(tmp_path, "core/desk/context.py", "from core.desk.awards.award_files import X")
        planted(tmp_path, "core/desk/awards/award_files.py", "")
        assert list(unforeseen(edges(tmp_path))) == ["core.desk.context -> core.desk.awards"]

    def test_a_large_folder(self, tmp_path: Path) -> None:
        for name in "abcdefghijklm":
            planted(tmp_path, f"core/desk/awards/{name}.py", "")
        assert sizes(tmp_path) == {"core.desk.awards": 13}
