"""The firm's limits and periods as handlers read them: what the firm set, else what the product starts with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine import feel
from engine.service_tasks import Call
from handlers.tasks.reading import number
from store.tables import FirmSetting
from store.unit_of_work import UnitOfWork

STARTING: Mapping[str, Any] = {
    "firm_name": "虚构账房代理记账有限公司",
    "firm_code": "91980105MA9XF0005P",
    "firm_address": "虚构市示范路1号",
    "firm_phone": "000-00000000",
    "firm_email": "office@zhangfang.example",
    "firm_licence": "DLJZ98010020260001",
    "portal_address": "http://127.0.0.1:8000",
    "link_days": 14,
    "renewal_notice_days": 30,
    "risk_medium_from": 3,
    "risk_high_from": 10,
    "bank_tolerance": "0.00",
    "small_scale_relief_account": "530102",
    "reserve_rate": "0.10",
}
"""Values used while the firm has set none; processes/settings.yaml explains the same keys to the firm."""


def setting(call: Call, uow: UnitOfWork, key: str) -> Any:
    """Give a setting: as the instance sees it, else as stored, else the starting value; None when unknown."""
    seen = call.variables.get("settings")
    if isinstance(seen, Mapping) and seen.get(key) is not None:
        return seen[key]
    return stored_setting(uow, key)


def stored_setting(uow: UnitOfWork, key: str) -> Any:
    """Give a setting as stored, else the starting value; None when unknown."""
    row = uow.session.get(FirmSetting, key)
    if row is None:
        return STARTING.get(key)
    return feel.from_json(row.value.get("value"))


def whole_setting(call: Call, uow: UnitOfWork, key: str) -> int:
    """Give a setting that is a whole number."""
    return int(number(setting(call, uow, key)))


def decimal_setting(call: Call, uow: UnitOfWork, key: str) -> Decimal:
    """Give a setting that is a decimal number."""
    return number(setting(call, uow, key))
