"""Files are opened in a process of their own, with little memory and time: a bad file ends that process only."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path

from tracker.directives.reading.grids import Content, content_from
from tracker.directives.reading.limits import MEMORY, SECONDS
from tracker.directives.reading.refusals import refusal

_OPENER = Path(__file__).with_name("opening.py")
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "RUST_BACKTRACE": "0", "PYTHONDONTWRITEBYTECODE": "1"}


def opened(data: bytes, kind: str, seconds: int = SECONDS) -> Content:
    """The content of a file of this kind. Raises Invalid, in one sentence, when it cannot be had in that time."""
    try:
        ended = subprocess.run(
            [sys.executable, "-I", str(_OPENER), kind, str(seconds)],
            input=data,
            capture_output=True,
            timeout=seconds + 3,
            env=_ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise refusal("slow") from None
    if ended.returncode:
        raise refusal("slow" if ended.returncode in (-signal.SIGXCPU, -signal.SIGKILL) else "heavy")
    said = json.loads(ended.stdout)
    if "refused" in said:
        raise refusal(said["refused"], said.get("what", ""))
    return content_from(said)


def hold_back(seconds: int) -> None:
    """Limit this process: memory, seconds on the processor, and no file may be written."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
