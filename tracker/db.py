"""The database: one base for all models, moments in house time, and the one place that commits.

with atomic():          # one action = one transaction; SQLite takes its write lock at once
    ...
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar, cast

import sqlalchemy as sa
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm.exc import StaleDataError

from tracker.clock import HOUSE_ZONE
from tracker.errors import Conflict

_P = ParamSpec("_P")
_T = TypeVar("_T")

STALE = "Nội dung này vừa được người khác sửa. Xem bản mới rồi gửi lại; nội dung đồng chí đã nhập vẫn còn."

TWICE = "Nội dung này vừa được người khác ghi. Hãy tải lại trang để xem."


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment: refused when naive, stored in UTC, returned in house time on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            value = value.replace(tzinfo=UTC)
        return value.astimezone(HOUSE_ZONE)


_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """The ground of all models: named constraints, JSON for dictionaries and lists, moments for datetimes."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        dict[str, Any]: _JSON,
        list[str]: _JSON,
        list[int]: _JSON,
        list[dict[str, Any]]: _JSON,
        datetime: Moment(),
    }


db = SQLAlchemy(metadata=Base.metadata)


@contextmanager
def atomic(patience: timedelta | None = None) -> Iterator[None]:
    """Do all of it or none. Nested calls join the outer one; a stale version becomes Conflict.

    With `patience` it waits no longer than that for what others hold, and raises OperationalError then.
    """
    session = db.session
    if session.info.get("atomic"):
        yield
        return
    _take_write_lock(patience)
    session.info["atomic"] = True
    try:
        yield
        session.commit()
    except StaleDataError as error:
        session.rollback()
        raise Conflict(STALE) from error
    except IntegrityError as error:
        session.rollback()
        if _says_twice(error):
            raise Conflict(TWICE) from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("atomic", None)


def for_a_thread(work: Callable[_P, _T]) -> Callable[_P, _T]:
    """The same work with a session of its own, as another thread needs it."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def there(*args: _P.args, **named: _P.kwargs) -> _T:
        with app.app_context():
            return work(*args, **named)

    return there


@contextmanager
def aside(engine: sa.Engine) -> Iterator[Connection]:
    """A connection beside that of the session, for a thread that has none; each `begin()` on it is all or nothing.

    It does not wait for the disk: what it wrote outlives this process at once, a loss of power after a second. On
    PostgreSQL every statement commits itself, which spares three of four trips to the server.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()  # else the next to borrow it would not wait for the disk either
            with connection.begin():
                connection.exec_driver_sql("SET synchronous_commit TO off")
        else:
            connection.execution_options(sqlite_begin="IMMEDIATE")
        yield connection


def _says_twice(error: IntegrityError) -> bool:
    """Whether a promise of uniqueness was kept: somebody else wrote the same a moment before."""
    return getattr(error.orig, "sqlstate", "") == "23505" or "UNIQUE constraint failed" in str(error.orig)


def _take_write_lock(patience: timedelta | None) -> None:
    """SQLite only: a reader that turns writer fails at once when another committed, so end the reading first."""
    wait = patience and int(patience.total_seconds() * 1000)
    if db.engine.dialect.name != "sqlite":
        if wait:
            db.session.execute(sa.text(f"SET LOCAL lock_timeout = {wait}"))
        return
    db.session.rollback()
    db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE", "sqlite_wait": wait})


def table_of(model: type[Base]) -> sa.Table:
    """The table of a model, to be filled with plain values past the session."""
    return cast(sa.Table, model.__table__)


def insert_many(model: type[Base], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows of one table together, inside `atomic`; returns their ids, in the order of the rows.

    Rows are plain values, since ten thousand objects cost more than ten thousand rows.
    """
    if not rows:
        return []
    ids = _next_ids(model, len(rows))
    numbered = [row | {"id": number} for row, number in zip(rows, ids, strict=True)]
    db.session.execute(sa.insert(table_of(model)), numbered)
    return ids


def add_many(rows: Sequence[Any]) -> None:
    """Insert new objects of one table together, inside `atomic`; they have their ids afterwards."""
    if not rows:
        return
    for row, number in zip(rows, _next_ids(type(rows[0]), len(rows)), strict=True):
        row.id = number
    db.session.add_all(rows)
    db.session.flush()


def update_many(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Give rows of one table, named by their `id`, values of their own, past the session. Within `atomic`.

    On PostgreSQL in one statement that is fed an array for each column: a statement for each row costs twice as much.
    """
    if not rows:
        return
    table, (key, *names) = table_of(model), sorted(rows[0], key=lambda name: name != "id")
    if db.engine.dialect.name == "postgresql":
        arrays = [sa.literal([row[name] for row in rows], sa.ARRAY(table.c[name].type)) for name in (key, *names)]
        given = sa.func.unnest(*arrays).table_valued(key, *names).render_derived()
        anew = {name: given.c[name] for name in names}
        db.session.execute(sa.update(table).where(table.c.id == given.c.id).values(anew))
        return
    anew = {name: sa.bindparam(f"its_{name}") for name in names}
    statement = sa.update(table).where(table.c.id == sa.bindparam("its_id")).values(anew)
    db.session.execute(statement, [{f"its_{name}": value for name, value in row.items()} for row in rows])


def _next_ids(model: type[Base], many: int) -> list[int]:
    """The ids of rows that are to be inserted: asking PostgreSQL for them afterwards costs more than inserting.

    On SQLite the write lock of `atomic` keeps the next id free.
    """
    table = table_of(model)
    if db.engine.dialect.name == "postgresql":
        numbers = sa.text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :many)")
        return list(db.session.scalars(numbers, {"table": table.name, "many": many}))
    last = db.session.scalar(sa.select(sa.func.max(table.c.id))) or 0
    return list(range(last + 1, last + 1 + many))


def one_of(column: Any, values: Collection[int]) -> sa.ColumnElement[bool]:
    """`column IN values`, on PostgreSQL as one array: writing a parameter for each takes longer than the question."""
    if db.engine.dialect.name == "postgresql":
        return cast("sa.ColumnElement[bool]", column == sa.any_(sa.literal(list(values), sa.ARRAY(sa.Integer))))
    return cast("sa.ColumnElement[bool]", column.in_(values))


def earlier(moment: Any, span: timedelta) -> sa.ColumnElement[Any]:
    """The moment of a column less so many whole seconds, to the millisecond; to be compared with."""
    if db.engine.dialect.name == "postgresql":
        return cast("sa.ColumnElement[Any]", moment - sa.literal(span, sa.Interval))
    seconds = f"-{int(span.total_seconds())} seconds"
    return sa.func.strftime(
        "%Y-%m-%d %H:%M:%f", moment, seconds, type_=sa.Text
    )  # moments are compared letter by letter


def insert(model: Any) -> Any:
    """An INSERT that can be told what to do ON CONFLICT, in the words of the database at hand."""
    return (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert(model)


def insert_new(
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    *,
    key: Sequence[str] = (),
    among: sa.TextClause | None = None,
    over: sa.ColumnElement[bool] | None = None,
) -> int:
    """Insert those of the rows that break no promise of uniqueness; returns how many were written. Within `atomic`.

    A row known already by its `key`, which may be unique only `among` some, is written anew where `over` holds of it.
    One statement, prepared once and fed row by row: to write one statement of thousands of values takes longer than
    to run it.
    """
    if not rows:
        return 0
    statement = insert(model.__table__)
    if over is None:
        statement = statement.on_conflict_do_nothing()
    else:
        anew = {name: statement.excluded[name] for name in rows[0] if name not in key}
        statement = statement.on_conflict_do_update(index_elements=key, index_where=among, set_=anew, where=over)
    done = db.session.connection().execute(statement, rows, execution_options={"preserve_rowcount": True})
    return cast("sa.CursorResult[Any]", done).rowcount


def put(model: type[Base], **values: Any) -> None:
    """Write a row by its primary key, new or anew; two processes may do so at once. Within `atomic`."""
    keys = [column.name for column in sa.inspect(model).primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    db.session.execute(insert(model).values(**values).on_conflict_do_update(index_elements=keys, set_=rest))


def forget() -> None:
    """Let go of the open read transaction, so that the next question sees what others committed."""
    db.session.rollback()


_PATIENCE_MS = 15000
_SQLITE = (
    *("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-65536"),
    f"busy_timeout={_PATIENCE_MS}",
)
_POSTGRESQL = ("random_page_cost = 1.1", "max_parallel_workers_per_gather = 0", "jit = off")
"""Our indexes lie in memory or on an SSD, and our questions end before a helper process has started or machine code
has been made of them: with the defaults, made for spinning disks and long reports, the same questions take two to
five times as long."""


def prepare_engine(engine: sa.Engine) -> None:
    """Tune every connection: on SQLite WAL, foreign keys, patience and explicit BEGIN; on PostgreSQL its planner."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    begin, wait = f"BEGIN {options.get('sqlite_begin', 'DEFERRED')}", options.get("sqlite_wait")
    if wait is None:
        connection.exec_driver_sql(begin)
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={wait}")
    try:
        connection.exec_driver_sql(begin)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_PATIENCE_MS}")


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    for setting in _POSTGRESQL:
        connection.execute(f"SET {setting}")
    connection.commit()
