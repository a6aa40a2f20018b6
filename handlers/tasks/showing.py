"""How findings and matters for a person travel as process variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from handlers.findings import Finding

Kind = Literal["document", "invoice", "bank_line", "voucher", "tax_return", "other"]
SEVERITIES = ("none", "info", "low", "medium", "high", "critical")

Shown = dict[str, Any]


def exception(
    identity: object, kind: Kind, code: str, *, subject: str, reason: str, severity: str = "medium"
) -> Shown:
    """Make one matter that a person must decide, ready to be chosen from a list."""
    return {
        "id": str(identity),
        "kind": kind,
        "code": code,
        "subject": subject,
        "reason": reason,
        "severity": severity,
        "label": f"{subject}：{reason}",
        "value": str(identity),
    }


def finding(found: Finding) -> Shown:
    """Make a finding a process variable."""
    return {
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "message_en": found.message_en,
        "basis": found.basis,
        "where": found.where,
    }


def findings(name: str, found: Iterable[Finding]) -> Shown:
    """Give the variables `name` and `name`_text of a list of findings."""
    shown = [finding(each) for each in found]
    return {name: shown, f"{name}_text": text_of(shown)}


def text_of(shown: Iterable[Mapping[str, Any]]) -> str:
    """Write findings one a line, as forms show them."""
    return "\n".join(f"{each['code']} {each['message']}" for each in shown)


def worst(found: Iterable[Finding]) -> str:
    """Give the highest severity; none when nothing was found."""
    return max((each.severity for each in found), key=SEVERITIES.index, default="none")


def reasons(found: Iterable[Finding]) -> str:
    """Write findings as one sentence of reasons."""
    return "；".join(each.message for each in found)
