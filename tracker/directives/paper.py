"""What is written on a directive, as a value that doors read and actions take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Paper:
    """What is written on a directive."""

    doc_type: str
    doc_symbol: str
    issued_on: date
    abstract: str
    received_on: date | None = None
    issuer_name: str = ""
    field: str = ""
    urgency: str = "normal"
    secrecy: str = "none"
    signer: str = ""
