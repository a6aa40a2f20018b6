"""Statements that run often: compiled once for each database, then handed to its driver as they are.

For a statement of one row SQLAlchemy's execution layer costs about ten times what SQLite needs itself (decision 0012), so
commands that run thousands of times a minute go around it. Types, errors and listeners stay SQLAlchemy's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.expression import ClauseElement

Row = Mapping[str, Any]
Convert = Callable[[Any], Any] | None
Make = Callable[[str], Any]
"""From the name of a database to the statement in its words."""
_CONSTANT = (datetime, UUID)
"""Types whose values cannot change, so that the same object is converted once."""


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

    def rows(self, connection: Connection, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return all rows that it finds."""
        form = self._form(connection, parameters)
        _begin(connection)
        cursor = send(connection, form.sql, form.values(parameters))
        found = [form.read(row) for row in cursor.fetchall()]
        cursor.close()
        return found

    def first(self, connection: Connection, **parameters: Any) -> tuple[Any, ...] | None:
        """Return the first row that it finds, None when there is none."""
        found = self.rows(connection, **parameters)
        return found[0] if found else None

    def scalar(self, connection: Connection, **parameters: Any) -> Any:
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

    ``template`` holds the constants at their places, ``slots`` say where a parameter goes and how it is converted, and
    ``defaults`` where the value goes that a column makes itself. ``names`` when the driver takes parameters by name.
    """

    sql: str
    template: tuple[Any, ...]
    slots: tuple[tuple[int, str, Convert], ...]
    defaults: tuple[tuple[int, Callable[[Any], Any], Convert], ...]
    names: tuple[str, ...] | None
    results: tuple[Convert, ...]

    def values(self, row: Row) -> Any:
        """Return the parameters as the driver wants them."""
        if len(row) != len(self.slots):
            raise ValueError(f"{sorted(row)} are not the parameters of: {self.sql}")
        values = list(self.template)
        for index, key, convert in self.slots:
            value = row[key]
            values[index] = value if convert is None else convert(value)
        for index, make, convert in self.defaults:
            value = make(None)
            values[index] = value if convert is None else convert(value)
        return tuple(values) if self.names is None else dict(zip(self.names, values, strict=True))

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row as the types of its columns say."""
        return tuple(
            [
                value if convert is None else convert(value)
                for value, convert in zip(row, self.results, strict=True)
            ]
        )


def _compiled(statement: Any, dialect: Dialect, keys: tuple[str, ...]) -> _Form:
    inserting = isinstance(statement, Insert)
    compiled = statement.compile(dialect=dialect, column_keys=list(keys) if inserting else None)
    made = {column.key: column.default for column in getattr(compiled, "insert_prefetch", ())}
    names = tuple(compiled.positiontup or compiled.params)
    template: list[Any] = []
    slots, defaults = [], []
    for index, name in enumerate(names):
        bind = compiled.binds[name]
        convert = _converting(bind.type, dialect)
        template.append(None)
        if bind.key in made:
            default = made[bind.key]
            defaults.append((index, default.arg if default.is_callable else _always(default.arg), convert))
        elif bind.required or (inserting and bind.key in keys):
            slots.append((index, bind.key, convert))
        else:
            template[index] = bind.value if convert is None else convert(bind.value)
    columns: Iterable[Any] = getattr(statement, "selected_columns", ())
    return _Form(
        str(compiled),
        tuple(template),
        tuple(slots),
        tuple(defaults),
        None if compiled.positiontup else names,
        tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns),
    )


def _converting(column_type: Any, dialect: Dialect) -> Convert:
    """Return what turns a value into the driver's; rows of one command repeat their times and ids."""
    convert = column_type.dialect_impl(dialect).bind_processor(dialect)
    return _remembering(convert) if convert and column_type.python_type in _CONSTANT else convert


def _remembering(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    last: tuple[Any, Any] = (None, convert(None))

    def again(value: Any) -> Any:
        nonlocal last
        known, made = last
        if value is not known:
            made = convert(value)
            last = (value, made)
        return made

    return again


def _always(value: Any) -> Callable[[Any], Any]:
    return lambda _context: value


def send(connection: Connection, sql: str, values: Any = (), *, many: bool = False) -> Any:
    """Hand SQL to the driver and return its cursor; whoever listens to the engine's statements hears of it."""
    cursor = connection.connection.cursor()
    for listener in connection.engine.dispatch.before_cursor_execute or ():
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
