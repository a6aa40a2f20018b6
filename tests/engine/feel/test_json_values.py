"""Values survive being stored as JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.errors import InvalidInput
from engine.feel import Range, YearsMonths

SCALARS = (
    st.none()
    | st.booleans()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.times()
    | st.datetimes(
        timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=8)), ZoneInfo("Asia/Shanghai")])
    )
    | st.timedeltas()
    | st.builds(YearsMonths, st.integers(-9999, 9999))
)
KEYS = st.text() | st.sampled_from(["$d", "$date", "$", "$$d"])
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=10)


@given(VALUES)
def test_a_value_comes_back_from_json_as_it_was(value: object) -> None:
    stored = json.dumps(feel.to_json(value))

    assert feel.from_json(json.loads(stored)) == value


def test_digits_zones_and_ranges_are_kept() -> None:
    moment = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Paris"), fold=1)
    value = [
        Decimal("12.30"),
        moment,
        time(1, tzinfo=ZoneInfo("Asia/Shanghai")),
        Range(date(2026, 1, 1), None),
    ]

    back = feel.from_json(feel.to_json(value))

    assert back == value
    assert str(back[0]) == "12.30"
    assert back[1].fold == 1
    assert back[1].tzinfo.key == "Europe/Paris"


def test_plain_values_stay_plain() -> None:
    value = {"名称": "甲", "list": [True, None, "a"]}

    assert feel.to_json(value) == value


def test_a_function_cannot_be_stored() -> None:
    with pytest.raises(InvalidInput, match="function"):
        feel.to_json(feel.compile("function(a) a").evaluate({}))
