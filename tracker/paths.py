"""Where templates/, static/ and config/ are: at the top of a checkout, or inside the installed package."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """The folder called `name`; TRACKER_DATA_ROOT wins. Raises RuntimeError when it is nowhere."""
    if root := os.environ.get("TRACKER_DATA_ROOT"):
        return Path(root) / name
    if (installed := PACKAGE / "_data" / name).is_dir():
        return installed
    checkout = PACKAGE.parent / name
    if (PACKAGE.parent / "pyproject.toml").is_file() and checkout.is_dir():
        return checkout
    raise RuntimeError(f"{name}/ not found beside {PACKAGE} nor in it")
