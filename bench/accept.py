"""Runs every acceptance measure, accept_*.py, over the labelled examples; fails when one of them does.

python bench/accept.py [folder of examples]
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent
FOLDER = BENCH.parents[1] / "shared" / "examples"


def main(folder: Path) -> bool:
    """Run them all, in the order of their names, even after one has failed."""
    sys.path.insert(0, str(BENCH))
    results = {}
    for file in sorted(BENCH.glob("accept_*.py")):
        print(f"== {file.stem.removeprefix('accept_')}")
        results[file.stem] = importlib.import_module(file.stem).run(folder)
        print()
    for name, good in results.items():
        print(f"{name.removeprefix('accept_'):12} {'passed' if good else 'FAILED'}")
    return all(results.values())


if __name__ == "__main__":
    sys.exit(0 if main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER) else 1)
