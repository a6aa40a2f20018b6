"""Statements that run often: compiled once for each database, then handed to its driver as they are.

For a statement of one row SQLAlchemy's execution layer costs about ten times what SQLite needs itself (decision 0012), so
commands that run thousands of times a minute go around it. Types, errors and listeners stay SQLAlchemy's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, SafeUUID

from sqlalchemy import Connection, Dialect, Uuid
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.expression import ClauseElement

from store.types import UtcDateTime

Row = Mapping[str, Any]
Convert = Callable[[Any], Any] | None
Make = Callable[[str], Any]
"""From the name of a database to the statement in its words."""
_times: dict[str, Callable[[Any], Any]] = {}
"""One conversion of times for each database: all statements of a command write the same one."""


class Prepared:
    """One statement. Its parameters are those of ``bindparam``; of an INSERT they are columns.

    Not for expanding parameters (``IN``). Rows of one call must have the same keys.
    """

    def __init__(self, statement: ClauseElement | Make) -> None:
        """Take the statement, or what makes it for a database."""
        self._statement = statement
        self._forms: dict[tuple[str, ...], _Form] = {}

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Run it once for each row of parameters; return how many rows it changed in all."""
        if not rows:
            return 0
        form = self._form(connection, rows[0])
        values = [form.values(row) for row in rows]
        many = len(values) > 1
        _begin(connection)
        cursor = send(connection, form.sql, values if many else values[0], many=many)
        count: int = cursor.rowcount
        cursor.close()
        return count

    def rows(self, connection: Connection, /, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return all rows that it finds."""
        form = self._form(connection, parameters)
        _begin(connection)
        cursor = send(connection, form.sql, form.values(parameters))
        found = [form.read(row) for row in cursor.fetchall()]
        cursor.close()
        return found

    def first(self, connection: Connection, /, **parameters: Any) -> tuple[Any, ...] | None:
        """Return the first row that it finds, None when there is none."""
        found = self.rows(connection, **parameters)
        return found[0] if found else None

    def scalar(self, connection: Connection, /, **parameters: Any) -> Any:
        """Return the first column of the first row, None when there is none."""
        found = self.first(connection, **parameters)
        return None if found is None else found[0]

    def _form(self, connection: Connection, parameters: Row) -> _Form:
        dialect = connection.dialect
        key = (dialect.name, *parameters)
        form = self._forms.get(key)
        if form is None:
            make = self._statement
            statement = make if isinstance(make, ClauseElement) else make(dialect.name)
            form = self._forms[key] = _compiled(statement, dialect, tuple(parameters))
        return form


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement compiled for a database and a set of parameters.

    ``keys`` are those of its parameters, ``make`` turns a row of them into what the driver wants, ``read`` a row of the
    result into the types of its columns.
    """

    sql: str
    keys: int
    make: Callable[[Row], Any]
    read: Callable[[Sequence[Any]], tuple[Any, ...]]

    def values(self, row: Row) -> Any:
        """Return the parameters as the driver wants them."""
        if len(row) != self.keys:
            raise ValueError(f"{sorted(row)} are not the parameters of: {self.sql}")
        return self.make(row)


def _compiled(statement: Any, dialect: Dialect, keys: tuple[str, ...]) -> _Form:
    inserting = isinstance(statement, Insert)
    compiled = statement.compile(dialect=dialect, column_keys=list(keys) if inserting else None)
    defaults = {column.key: column.default for column in getattr(compiled, "insert_prefetch", ())}
    names = tuple(compiled.positiontup or compiled.params)
    values = _Written()
    for name in names:
        bind = compiled.binds[name]
        convert = _converting(bind.type, dialect)
        if bind.key in keys and (inserting or bind.required):
            values.add(f"row[{bind.key!r}]", convert)
            continue
        default = defaults.get(bind.key)
        if bind.required and default is None:
            raise ValueError(f"«{bind.key}» is missing among the parameters of: {compiled}")
        if default is not None and default.is_callable:
            values.add(f"{values.constant(default.arg)}(None)", convert)
        else:
            values.add(values.constant(bind.value if default is None else default.arg), convert)
    result = _Written()
    for place, column in enumerate(getattr(statement, "selected_columns", ())):
        result.add(f"row[{place}]", _reading(column.type, dialect))
    return _Form(
        str(compiled),
        len(keys),
        values.function(None if compiled.positiontup else names),
        result.function(None),
    )


class _Written:
    """A function of a row that is written out, as ``dataclasses`` write theirs: a loop over columns costs twice its time."""

    def __init__(self) -> None:
        """Begin without columns."""
        self._parts: list[str] = []
        self._known: dict[str, Any] = {}

    def constant(self, value: Any) -> str:
        """Return a name for a value."""
        name = f"known_{len(self._known)}"
        self._known[name] = value
        return name

    def add(self, value: str, convert: Convert) -> None:
        """Add a column: an expression of ``row``, and what its value is converted by."""
        self._parts.append(value if convert is None else f"{self.constant(convert)}({value})")

    def function(self, names: tuple[str, ...] | None) -> Callable[[Any], Any]:
        """Return the function: a tuple of the columns, or with ``names`` a dictionary."""
        if names is None:
            body = f"({''.join(f'{part}, ' for part in self._parts)})"
        else:
            listed = zip(names, self._parts, strict=True)
            body = f"{{{', '.join(f'{name!r}: {part}' for name, part in listed)}}}"
        made: Callable[[Any], Any] = eval(f"lambda row: {body}", self._known)  # noqa: S307 - nothing of a user's is in it
        return made


def _converting(column_type: Any, dialect: Dialect) -> Convert:
    """Return what turns a value into the driver's; rows of one command repeat their times and ids."""
    convert = column_type.dialect_impl(dialect).bind_processor(dialect)
    if isinstance(column_type, UtcDateTime) and convert is not None:
        return _times.setdefault(dialect.name, _remembering(convert))
    if isinstance(column_type, Uuid) and convert is not None:
        return _remembering(convert)
    converting: Convert = convert
    return converting


def _reading(column_type: Any, dialect: Dialect) -> Convert:
    """Return what turns the driver's value into ours."""
    convert: Convert = column_type.dialect_impl(dialect).result_processor(dialect, None)
    return _uuid if isinstance(column_type, Uuid) and convert is not None else convert


def _uuid(text: str | None) -> UUID | None:
    """Return the id that a database without a type for them keeps as hex digits; the class checks much before it does."""
    if text is None:
        return None
    made = object.__new__(UUID)
    object.__setattr__(made, "int", int(text, 16))
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


def _remembering(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a conversion that does the same object once: its type must be one whose values cannot change."""
    last: tuple[Any, Any] = (None, None)

    def again(value: Any) -> Any:
        nonlocal last
        if value is None:
            return None
        known, made = last
        if value is not known:
            made = convert(value)
            last = (value, made)
        return made

    return again


def send(connection: Connection, sql: str, values: Any = (), *, many: bool = False) -> Any:
    """Hand SQL to the driver and return its cursor; whoever listens to the engine's statements hears of it."""
    cursor = connection.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
    listeners = connection.engine.dispatch.before_cursor_execute
    if listeners:
        for listener in listeners:
            listener(connection, cursor, sql, values, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, sql, values, error) from error
    return cursor


def _begin(connection: Connection) -> None:
    if not connection.in_transaction():
        connection.begin()


def _told(connection: Connection, sql: str, values: Any, error: Exception) -> BaseException:
    """Return the driver's error as SQLAlchemy's, so that callers tell them apart as ever; a lost connection is let go."""
    dialect = connection.dialect
    if dialect.is_disconnect(error, connection.connection, None):  # type: ignore[arg-type]
        connection.invalidate(error)
    return DBAPIError.instance(sql, values, error, dialect.loaded_dbapi.Error, dialect=dialect)
