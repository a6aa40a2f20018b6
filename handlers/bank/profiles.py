"""Profiles of statement layouts: which column means what, as YAML that the firm can extend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from unicodedata import normalize

import yaml

from engine.errors import InvalidInput

Way = Literal["in", "out", "neutral"]
Form = Literal["signed", "two_columns", "worded"]

_FORMS: Mapping[str, tuple[str, ...]] = {
    "signed": ("amount",),
    "two_columns": ("income", "expense"),
    "worded": ("amount", "direction"),
}
_WAYS = ("in", "out", "neutral")
_FIELDS = frozenset(
    name
    for names in (
        ("date", "time", "amount", "income", "expense", "direction", "balance", "currency"),
        ("counterparty", "counterparty_account", "reference", "voucher", "summary", "status", "channel"),
    )
    for name in names
)


class InvalidProfile(InvalidInput):
    """A statement profile cannot be used; the sentence names the profile and the setting."""


@dataclass(frozen=True, slots=True)
class RowRule:
    """What to do with rows whose column holds a value: ignore them for a reason, or set their direction."""

    column: str
    equals: str
    reason: str = ""
    direction: Way | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """One layout: encodings to try, the header by which it is found, the meaning of columns and words.

    `columns` maps a field to its header names: alternatives, the first present counts; for `summary`
    all present are joined. Header names are compared without blanks and full-width forms.
    """

    key: str
    name: str
    name_en: str
    encodings: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    form: Form
    words: Mapping[str, Way]
    dates: tuple[str, ...]
    times: tuple[str, ...] = ()
    blank: frozenset[str] = frozenset()
    totals: tuple[str, ...] = ()
    ignore: tuple[RowRule, ...] = ()
    directions: tuple[RowRule, ...] = ()
    optional: frozenset[str] = field(default_factory=frozenset)
    counterparty_with_account: bool = False
    delimiter: str = ","


def bare(text: str) -> str:
    """Write a header name or cell word so that width and blanks do not matter."""
    return "".join(normalize("NFKC", text).split())


def read_profile(text: str) -> Profile:
    """Read a profile from YAML (see profiles/*.yaml for the settings); InvalidProfile names what is wrong."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidProfile(f"The statement profile is not YAML: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("key"), str):
        raise InvalidProfile("The statement profile must be a mapping with a text `key`.")
    try:
        return _checked(_profile(found))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        message = f"The statement profile {found['key']!r} lacks or garbles a setting: {error!r}."
        raise InvalidProfile(message) from error


@cache
def profiles() -> Mapping[str, Profile]:
    """Give the profiles of this package by key."""
    folder = files(__package__).joinpath("profiles")
    found = [
        read_profile(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".yaml")
    ]
    return {profile.key: profile for profile in sorted(found, key=lambda profile: profile.key)}


def _profile(found: Mapping[str, Any]) -> Profile:
    return Profile(
        key=found["key"],
        name=str(found["name"]),
        name_en=str(found.get("name_en", found["name"])),
        encodings=tuple(found["encodings"]),
        columns={field: tuple(map(bare, names)) for field, names in found["columns"].items()},
        form=found["amount"]["form"],
        words={bare(word): way for word, way in found["amount"].get("words", {}).items()},
        dates=tuple(found["dates"]),
        times=tuple(found.get("times", ())),
        blank=frozenset(found.get("blank", ())),
        totals=tuple(map(bare, found.get("totals", ()))),
        ignore=tuple(_rule(rule) for rule in found.get("ignore", ())),
        directions=tuple(_rule(rule) for rule in found.get("directions", ())),
        optional=frozenset(found.get("optional", ())),
        counterparty_with_account=bool(found.get("counterparty_with_account", False)),
        delimiter=str(found.get("delimiter", ",")),
    )


def _rule(found: Mapping[str, Any]) -> RowRule:
    return RowRule(
        bare(found["column"]), bare(found["equals"]), found.get("reason", ""), found.get("direction")
    )


def _checked(profile: Profile) -> Profile:
    if profile.form not in _FORMS:
        raise InvalidProfile(
            f"Profile {profile.key!r}: amount form {profile.form!r} is none of {', '.join(_FORMS)}."
        )
    if missing := {"date", *_FORMS[profile.form]} - set(profile.columns):
        raise InvalidProfile(f"Profile {profile.key!r} names no column for {', '.join(sorted(missing))}.")
    if unknown := set(profile.columns) - _FIELDS:
        raise InvalidProfile(
            f"Profile {profile.key!r} names columns for unknown fields {', '.join(sorted(unknown))}."
        )
    ways = {*profile.words.values(), *(rule.direction for rule in profile.directions)}
    if wrong := ways - set(_WAYS):
        raise InvalidProfile(f"Profile {profile.key!r} uses the directions {wrong}; use in, out or neutral.")
    for pattern in (*profile.dates, *profile.times):
        datetime.strptime(datetime(2000, 1, 1).strftime(pattern), pattern)  # noqa: DTZ001, DTZ007 - a trial
    return profile
