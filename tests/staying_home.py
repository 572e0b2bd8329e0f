"""Tests talk to this machine only: every other address is refused and remembered."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

HERE = ("127.", "::1", "localhost", "/", "0.0.0.0")


def stay_at_home(call: Callable[..., Any], left: list[str]) -> Callable[..., Any]:
    """The same call for addresses of this machine; for any other an OSError, and its name in `left`."""

    def guarded(*arguments: Any, **options: Any) -> Any:
        asked = arguments[1] if isinstance(arguments[0], socket.socket) else arguments[0]
        host = asked[0] if isinstance(asked, tuple) else asked
        name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
        if not name.startswith(HERE):
            left.append(name)
            raise OSError(f"tests may talk to this machine only, not to {name}")
        return call(*arguments, **options)

    return guarded
