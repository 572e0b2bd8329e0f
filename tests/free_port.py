"""A port of the loopback address that nobody listens on."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A free port; another process might take it in the next moment, which has to be lived with."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
