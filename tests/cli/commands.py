"""Runs `python -m core …` in this process: faster than an interpreter for each command, with the same settings and
database.
"""

from pathlib import Path

import pytest

from core import cli
from core.desk import context
from core.desk.accounts import passwords
from core.settings import settings
from tests.serving.servers import ROOT

SON_LA = str(ROOT / "data" / "contests" / "son-la-2024.toml")


class Commands:
    """`python -m core …` with the variables of `environment`; the data folder is the test's own."""

    def __init__(self, captured: pytest.CaptureFixture[str], folder: Path) -> None:
        self._captured = captured
        self.environment = {"DATA_DIR": str(folder)}

    def __call__(self, *words: str, **variables: str) -> tuple[int, str, str]:
        """Run one command with these arguments and extra variables. Returns exit status, standard output, standard
        error.
        """
        self._captured.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            for name in ("DATA_DIR", "DATABASE_URL", "PORT", "CONTEST"):
                patch.delenv(name, raising=False)
            for name, value in {**self.environment, **variables}.items():
                patch.setenv(name, value)
            patch.setattr(context, "_stores", [])
            patch.setattr(passwords, "ROUNDS", 4)
            settings.cache_clear()
            try:
                status = cli.main(words)
            finally:
                for store in context._stores:
                    store.close()
                settings.cache_clear()
        return (status, *self._captured.readouterr())


@pytest.fixture
def core(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Commands:
    """Runs commands on a data folder of this test."""
    return Commands(capsys, tmp_path / "var")
