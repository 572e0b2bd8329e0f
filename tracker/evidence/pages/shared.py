"""What all pages of files share: the Blueprint, the settings, where bytes lie."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Blueprint, current_app

from tracker.errors import NotFound
from tracker.evidence.store import path_of
from tracker.settings import Settings

pages = Blueprint("evidence", "tracker.evidence.pages")


def settings() -> Settings:
    """The settings of the house."""
    return cast(Settings, current_app.extensions["settings"])


def bytes_path(sha256: str) -> Path:
    """Where the bytes of a hash lie; raises NotFound when they are gone."""
    path = path_of(Path(settings().files_folder).absolute(), sha256)
    if not path.is_file():
        raise NotFound("Tệp này không còn trong kho; đề nghị báo người quản trị.")
    return path
