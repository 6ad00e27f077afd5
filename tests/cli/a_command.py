"""Commands as they are typed, run in this process: quicker than an interpreter for each, with the same settings and database."""

from pathlib import Path

import pytest

from core import cli
from core.desk import context
from core.desk.accounts import passwords
from core.settings import settings
from tests.serving.servers import ROOT

SON_LA = str(ROOT / "data" / "contests" / "son-la-2024.toml")


class Commands:
    """`python -m core …` with the environment that is set on it; the data folder is the test's own."""

    def __init__(self, said: pytest.CaptureFixture[str], folder: Path) -> None:
        self._said = said
        self.environment = {"DATA_DIR": str(folder)}

    def __call__(self, *words: str, **told: str) -> tuple[int, str, str]:
        """The exit status, standard output and standard error."""
        self._said.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            for name in ("DATA_DIR", "DATABASE_URL", "PORT", "CONTEST"):
                patch.delenv(name, raising=False)
            for name, value in {**self.environment, **told}.items():
                patch.setenv(name, value)
            patch.setattr(context, "_open", [])
            patch.setattr(passwords, "ROUNDS", 4)
            settings.cache_clear()
            try:
                status = cli.main(words)
            finally:
                for store in context._open:
                    store.close()
                settings.cache_clear()
        return (status, *self._said.readouterr())


@pytest.fixture
def core(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Commands:
    """Runs commands."""
    return Commands(capsys, tmp_path / "var")
