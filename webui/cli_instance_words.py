"""What ``zhangfang instance`` prints: tokens as a tree, visits, and what would be done or was done."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import click

from engine.bpmn.standing import Awaiting, Standing
from engine.commands.finding import Found
from engine.commands.modifications import Plan
from engine.commands.restarts import Visit
from webui import literals
from webui.cli_language import say
from webui.sentences import in_chinese

KINDS = {
    "user": ("人工步骤", "user task"),
    "job": ("作业", "job"),
    "timer": ("定时器", "timer"),
    "child": ("子流程", "called instance"),
    "message": ("等待消息", "message"),
    "signal": ("等待信号", "signal"),
    "condition": ("等待条件", "condition"),
    "incident": ("异常", "incident"),
    "scope": ("整个范围", "whole scope"),
}
SHOWN = 100


def show_tokens(found: Iterable[Standing]) -> None:
    """Print where tokens stand, each under the one that it runs inside of."""
    some = False
    for each in found:
        some = True
        click.echo("  " * each.depth + _token(each))
        for wait in each.waits:
            click.echo("  " * (each.depth + 1) + _wait(wait))
    if not some:
        click.echo(say("实例已结束，没有令牌。", "The instance has ended; it has no tokens."))


def show_found(found: Found) -> None:
    """Print the ids of instances on standard output, and how many were looked at beside it."""
    for row in found.rows:
        name = (row.process, row.client_code or "-", row.period or "-", row.business_key or "-", row.state)
        click.echo(f"{row.id}  {'  '.join(name)}")
    looked, count = found.looked_at, len(found.rows)
    click.echo(say(f"看了 {looked} 个，符合 {count} 个。", f"Looked at {looked}, found {count}."), err=True)
    if not found.whole:
        text = say(
            "不是全部；请用 --process、--state 或 --most。",
            "Not all of them; use --process, --state or --most.",
        )
        click.echo(text, err=True)
    if found.failed:
        why = _said(found.error)
        text = say(
            f"{found.failed} 个算不出来：{why}", f"It could not be evaluated for {found.failed}: {why}"
        )
        click.echo(text, err=True)


def show_visits(found: Iterable[Visit], zone: ZoneInfo) -> None:
    """Print each time that a token came to an element."""
    for each in found:
        known = "" if not each.unknown else say(" · 变量未知", " · variables unknown")
        click.echo(
            f"{each.event}  {each.at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {_called(each.element, each.name)}{known}"
        )


def show_plan(plan: Plan, *, done: bool = False) -> None:
    """Print a plan: what will be, or was, cancelled and begun, and which sentences go with it."""
    for text in plan.warned:
        click.echo(f"{say('注意', 'Warning')}: {_said(text)}", err=True)
    for zh, en, lines in (
        ("取消", "cancels", (*plan.closed, *plan.left)),
        ("开始等待", "begins", plan.opened),
    ):
        for line in lines:
            more = f": {_said(line.message)}" if line.message else ""
            click.echo(f"{say(zh, en)}: {_called(line.element, line.name)} ({_kind(line.kind)}){more}")
    for name, before, after in plan.changed:
        click.echo(f"{say('变量', 'variable')}: {name}: {_short(before)} → {_short(after)}")
    if plan.ended is not None:
        click.echo(say(f"实例随之结束（{plan.ended}）。", f"The instance ends ({plan.ended})."))
    for text in plan.notes:
        click.echo(_said(text))
    click.echo(
        say("已完成。", "Done.")
        if done
        else say("以上只是预演，没有做任何修改。", "A dry run: nothing was changed.")
    )


def _token(each: Standing) -> str:
    name = _called(each.element, each.name)
    if each.flow:
        return say(
            f"已到汇合「{name}」，经由 {each.flow}（范围 {each.token}）",
            f"come to the join {name} through {each.flow} (inside token {each.token})",
        )
    item = f" #{each.item}" if each.item else ""
    return f"{name}{item}  " + say(
        f"令牌 {each.token} · 变量范围 {each.scope}", f"token {each.token} · scope {each.scope}"
    )


def _wait(wait: Awaiting) -> str:
    beside = f" {_called(wait.element, wait.name)}" if wait.beside else ""
    return say(f"- 等待 {wait.wait}：", f"- wait {wait.wait}: ") + _kind(wait.kind) + beside


def _called(element: str, name: str) -> str:
    return element if name in {"", element} else f"{name} [{element}]"


def _kind(kind: str) -> str:
    return say(*KINDS.get(kind, (kind, kind)))


def _said(text: str) -> str:
    return say(in_chinese(text), text)


def _short(value: object) -> str:
    text = " ".join(literals.literal(value).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
