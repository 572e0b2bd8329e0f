"""Which assignments are asked about: all, these, or those that a question finds."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from tracker.db import one_of

Only = Collection[int] | sa.Select[Any]
"""Which assignments: their ids, or the question for them."""


def among(only: Only | None, column: Any) -> sa.ColumnElement[bool]:
    """The condition that the column names one of these assignments; None is any."""
    if only is None:
        return sa.true()
    return column.in_(only) if isinstance(only, sa.Select) else one_of(column, only)
