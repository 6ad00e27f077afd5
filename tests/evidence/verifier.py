"""`data/evidence/verify.py` as a module, and one run of it."""

import importlib.util
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType

FILE = Path(__file__).parents[2] / "data" / "evidence" / "verify.py"


@cache
def verifier() -> ModuleType:
    """The verifier. A signature that was checked once is not computed again."""
    spec = importlib.util.spec_from_file_location("evidence_verifier", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vars(module)["signature_holds"] = lru_cache(maxsize=10_000)(module.signature_holds)
    return module


def answer(*arguments: object) -> tuple[str, int]:
    """The sentence that the verifier prints, and its exit status."""
    sentence, status = verifier().main([str(each) for each in arguments])
    assert isinstance(sentence, str) and isinstance(status, int) and "\n" not in sentence
    return sentence, status
