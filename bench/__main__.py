"""Every figure of the README, one after another. python -m bench [--quick]"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run each script of this folder that measures; the worst of their exit statuses."""
    measures = [
        path for path in sorted(HERE.glob("*.py")) if '"--quick"' in path.read_text() and path.stem != "__main__"
    ]
    worst = 0
    for path in measures:
        print(f"\n## {path.stem.replace('_', ' ')}", flush=True)
        command = [sys.executable, "-m", f"bench.{path.stem}", *sys.argv[1:]]
        worst = max(worst, abs(subprocess.run(command, cwd=HERE.parent, check=False).returncode))
    return worst


if __name__ == "__main__":
    sys.exit(main())
