"""Processes of the house made cheaply: forked from this one, each with database connections of its own."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

from tracker.db import db


def forked(work: Callable[[], object]) -> int:
    """Do the work in a process of its own; returns its number. Needs an application context.

    Connections are closed before the fork: none may be used, or closed, by two processes.
    """
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def ended_well(*children: int) -> bool:
    """Wait for the processes; whether all of them ended without a complaint."""
    return [os.waitpid(child, 0)[1] for child in children] == [0] * len(children)
