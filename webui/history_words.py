"""History rows as sentences for people: who did what to what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from engine import feel
from webui.domain_words import of_return
from webui.language import language
from webui.words import role_name

Said = Callable[[str], str]

WITH_PERSON: dict[str, Any] = {
    "instance.started": later("%(who)s发起了「%(what)s」"),
    "instance.cancel": later("%(who)s取消了流程"),
    "instance.suspended": later("%(who)s暂停了流程"),
    "instance.resumed": later("%(who)s恢复了流程"),
    "instance.variables": later("%(who)s修改了变量"),
    "instance.migrated": later("%(who)s把「%(what)s」转到了另一个版本"),
    "instance.restarted": later("%(who)s从过去的步骤另起了新实例"),
    "instance.continues": later("%(who)s从另一个实例的过去接着开始"),
    "instance.rewound": later("%(who)s把流程退回到过去的步骤"),
    "token.moved": later("%(who)s移动了「%(what)s」的令牌"),
    "token.skipped": later("%(who)s跳过了「%(what)s」"),
    "token.repeated": later("%(who)s让「%(what)s」重做"),
    "work_item.claimed": later("%(who)s领取了「%(what)s」"),
    "work_item.released": later("%(who)s退回了「%(what)s」"),
    "work_item.assigned": later("%(who)s转交了「%(what)s」"),
    "work_item.postponed": later("%(who)s暂缓了「%(what)s」"),
    "work_item.completed": later("%(who)s完成了「%(what)s」"),
    "incident.retried": later("%(who)s要求重试「%(what)s」"),
    "incident.resolved": later("%(who)s处理了异常「%(what)s」"),
    "document.added": later("%(who)s添加了资料「%(what)s」"),
    "client.created": later("%(who)s建立了客户档案"),
    "client.updated": later("%(who)s修改了客户资料"),
    "client.staff": later("%(who)s调整了服务人员"),
    "client.contact": later("%(who)s添加了联系人"),
    "portal.link_created": later("%(who)s发出了客户链接"),
    "portal.link_revoked": later("%(who)s收回了客户链接"),
}
BY_MACHINE: dict[str, Any] = {
    "instance.started": later("「%(what)s」开始"),
    "instance.ended": later("流程结束"),
    "instance.completed": later("「%(what)s」全部完成"),
    "instance.cancel": later("流程取消"),
    "instance.migrated": later("「%(what)s」转到了另一个版本"),
    "element.migrated": later("「%(what)s」接着原来的步骤"),
    "instance.failed": later("流程失败"),
    "instance.terminated": later("流程终止"),
    "instance.suspended": later("流程暂停"),
    "instance.resumed": later("流程恢复"),
    "instance.variables": later("变量已修改"),
    "instance.restarted": later("从过去的步骤另起了新实例"),
    "instance.continues": later("从另一个实例的过去接着开始"),
    "instance.rewound": later("流程退回到过去的步骤"),
    "token.moved": later("「%(what)s」的令牌被移动"),
    "token.skipped": later("「%(what)s」被要求跳过"),
    "token.repeated": later("「%(what)s」被要求重做"),
    "incident.retried": later("「%(what)s」的异常被要求重试"),
    "element.completed": later("系统完成了「%(what)s」"),
    "element.skipped": later("「%(what)s」没有做，已跳过"),
    "element.cancelled": later("「%(what)s」被取消"),
    "job.failed": later("系统执行「%(what)s」没有成功"),
    "timer.fired": later("到时间：「%(what)s」"),
    "message.caught": later("收到消息：「%(what)s」"),
    "message.thrown": later("发出消息：「%(what)s」"),
    "signal.caught": later("收到信号：「%(what)s」"),
    "signal.thrown": later("发出信号：「%(what)s」"),
    "error.thrown": later("「%(what)s」报告了错误"),
    "error.caught": later("错误转到「%(what)s」处理"),
    "escalation.thrown": later("「%(what)s」上报"),
    "escalation.caught": later("上报转到「%(what)s」处理"),
    "decision.evaluated": later("按决策表判断：「%(what)s」"),
    "incident.opened": later("「%(what)s」出现异常"),
    "incident.resolved": later("「%(what)s」的异常已解决"),
    "document.added": later("收到资料「%(what)s」"),
    "work_item.completed": later("客户完成了「%(what)s」"),
    "client.created": later("客户档案建立"),
    "client.updated": later("客户资料更新"),
    "client.staff": later("服务人员已安排"),
    "client.contact": later("联系人已添加"),
    "portal.opened": later("客户打开了链接"),
    "portal.link_created": later("客户链接已发出"),
    "portal.link_revoked": later("客户链接已收回"),
}
FACTS: dict[str, Any] = {
    "return.filed": later("%(what)s 已申报"),
    "return.paid": later("%(what)s 已缴款"),
    "return.returned": later("%(what)s 被税局退回"),
    "return.confirmed": later("%(what)s 税额已经客户确认"),
    "vouchers.posted": later("%(what)s 凭证已记账，共 %(n)s 张"),
    "period.closed": later("%(what)s 已结账"),
    "contract.confirmed": later("合同「%(what)s」已逐条确认"),
    "contract.signed": later("合同「%(what)s」已签署"),
    "document.accepted": later("初审接受「%(what)s」"),
    "document.returned": later("退回资料「%(what)s」"),
    "document.refused": later("拒收资料「%(what)s」"),
}
"""What handlers did to books, returns and papers; what it is about is in the row's name or its detail."""
BAD = frozenset({"error.thrown", "incident.opened", "job.failed", "instance.failed"})
NOISE = frozenset(
    {"flow.taken", "element.entered", "variables.set", "job.completed", "error.caught", "message.caught"}
)
"""What tokens do between the steps that people know; the diagram shows it."""
TOLD = frozenset(
    {"serviceTask", "sendTask", "scriptTask", "callActivity", "subProcess", "businessRuleTask", "endEvent"}
)
"""Kinds of shapes whose completion is worth a line; user tasks have their own, gateways none."""
TIMELINE = ("work_item.", "instance.", "document.", "contact.", "client.", "incident.", "portal.", "error.")
"""Kinds of history that a client's timeline shows."""
SHOWN_DETAILS = ("reason", "message", "error", "until", "to", "note", "outcome", "code")


@dataclass(frozen=True, slots=True)
class Link:
    """A part of a sentence that leads somewhere."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of a timeline; ``links`` follow the text."""

    at: datetime
    text: str
    more: str = ""
    by_person: bool = False
    bad: bool = False
    url: str = ""
    links: tuple[Link, ...] = ()


def sentence_of(row: Any, what: str, url: str = "") -> Sentence:
    """Return a history row (kind, at, person, name, detail) as a sentence; ``what`` is the shape's name as shown."""
    person = row.person or ""
    if row.kind in FACTS:
        text, note = fact(row.kind, of_return(row.name), row.detail or {})
        return Sentence(row.at, text, note, bool(person), url=url)
    words = WITH_PERSON.get(row.kind) if person else None
    if words is None:
        words = BY_MACHINE.get(row.kind)
    text = (
        str(words) % {"who": _spaced(person), "what": what or row.name}
        if words is not None
        else f"{row.kind} {what}"
    )
    return Sentence(row.at, text, _more(row.detail or {}), bool(person), row.kind in BAD, url)


def fact(kind: str, what: str, detail: Mapping[str, Any]) -> tuple[str, str]:
    """Return what was done and a note to it: the receipt, or the reason."""
    given = {name: feel.from_json(value) for name, value in detail.items()}
    text = str(FACTS[kind]) % {"what": what or given.get("period", ""), "n": given.get("vouchers", "")}
    if given.get("receipt"):
        return text, _("回执号 %(receipt)s", receipt=given["receipt"])
    return text, str(given.get("reason") or "")


def not_kept(labels: Sequence[str]) -> str:
    """Return the sentence about fields that a browser showed and the server does not."""
    names = (", " if language() == "en" else "、").join(labels)
    return str(_("没有保存「%(names)s」：按服务器的精确计算，这里不需要填写。", names=names))


def _spaced(person: str) -> str:
    return f"{person} " if language() == "en" else person


def _more(detail: dict[str, Any]) -> str:
    parts = [str(detail[key]) for key in SHOWN_DETAILS if detail.get(key)]
    parts = [role_name(part) for part in parts]
    if detail.get("left_out"):
        parts.append(not_kept(detail["left_out"]))
    return " · ".join(parts)
