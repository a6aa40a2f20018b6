"""``zhangfang instance``: what an operator does to one instance, as the pages do it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from engine.commands import finding, instances, modifications, restarts
from engine.commands.modifications import Change, Move, Place, Plan, Repeat, Skip, Target
from engine.errors import InvalidInput, NotFound
from engine.feel import Environment
from store.queries.instances import InstanceFilter
from store.queries.scope import EVERYTHING
from store.unit_of_work import Store
from webui import installation, literals
from webui.cli_instance_words import show_found, show_plan, show_tokens, show_visits
from webui.cli_language import say
from webui.sentence_patterns import STATES
from webui.settings import Settings, read_settings

VAR = click.option("--var", "variables", multiple=True)
REASON = click.option("--reason", default="")
DRY_RUN = click.option("--dry-run", is_flag=True)


@click.group("instance")
def instance() -> None:
    """See ``cli_instance_help``."""


@instance.command("show")
@click.argument("instance_id", type=click.UUID)
def show(*, instance_id: UUID) -> None:
    """See ``cli_instance_help``."""
    with installation.opened(read_settings()) as store:
        show_tokens(store.look(modifications.tokens, instance_id, by=None))


@instance.command("find")
@click.argument("condition")
@click.option("--process")
@click.option("--state", type=click.Choice(["open", *STATES]))
@click.option("--most", type=click.IntRange(1, finding.MOST_LOOKED_AT), default=finding.MOST_FOUND)
def find(*, condition: str, process: str | None, state: str | None, most: int) -> None:
    """See ``cli_instance_help``."""
    settings = read_settings()
    with installation.opened(settings) as store:
        functions = store.surroundings.functions
        env = Environment(now=store.clock.now(), zone=settings.zone, functions=functions)
        filters = InstanceFilter(process=process, state=state)
        show_found(store.read(finding.find, EVERYTHING, filters, condition, env=env, most=most))


@instance.command("visits")
@click.argument("instance_id", type=click.UUID)
@click.option("--element")
def visits(*, instance_id: UUID, element: str | None) -> None:
    """See ``cli_instance_help``."""
    with installation.opened(read_settings()) as store:
        found = store.look(restarts.visits, instance_id, by=None)
    show_visits([each for each in found if element in {None, each.element}], read_settings().zone)


@instance.command("move")
@click.argument("instance_id", type=click.UUID)
@click.option("--from-wait", "waits", type=int, multiple=True)
@click.option("--from-token", "tokens", type=int, multiple=True)
@click.option("--from-flow", "flows", multiple=True)
@click.option("--to", "before", multiple=True)
@click.option("--after", "after", multiple=True)
@click.option("--through", "through", multiple=True)
@click.option("--inside", type=int)
@VAR
@REASON
@DRY_RUN
def move(*, instance_id: UUID, reason: str, dry_run: bool, **asked: Any) -> None:
    """See ``cli_instance_help``."""
    taken = [
        *(Place(wait=each) for each in asked["waits"]),
        *(Place(token=each) for each in asked["tokens"]),
        *(_arrival(each) for each in asked["flows"]),
    ]
    inside = asked["inside"]
    put = [
        *(Target(each, "before", inside) for each in asked["before"]),
        *(Target(each, "after", inside) for each in asked["after"]),
        *(Target(each, "through", inside) for each in asked["through"]),
    ]
    change = Move(tuple(taken), tuple(put), _values(asked["variables"]))
    _change(instance_id, change, reason, dry_run=dry_run)


@instance.command("skip")
@click.argument("instance_id", type=click.UUID)
@click.option("--wait", type=int)
@click.option("--token", type=int)
@VAR
@click.option("--outputs", type=click.Choice(["yes", "no"]))
@REASON
@DRY_RUN
def skip(
    *,
    instance_id: UUID,
    wait: int | None,
    token: int | None,
    variables: tuple[str, ...],
    outputs: str | None,
    reason: str,
    dry_run: bool,
) -> None:
    """See ``cli_instance_help``."""
    applied = None if outputs is None else outputs == "yes"
    change = Skip(_place(wait, token), _values(variables), applied)
    _change(instance_id, change, reason, dry_run=dry_run)


@instance.command("repeat")
@click.argument("instance_id", type=click.UUID)
@click.option("--wait", type=int)
@click.option("--token", type=int)
@REASON
@DRY_RUN
def repeat(*, instance_id: UUID, wait: int | None, token: int | None, reason: str, dry_run: bool) -> None:
    """See ``cli_instance_help``."""
    _change(instance_id, Repeat(_place(wait, token)), reason, dry_run=dry_run)


@instance.command("set")
@click.argument("instance_id", type=click.UUID)
@VAR
@click.option("--scope", type=int, default=0)
@REASON
def set_variables(*, instance_id: UUID, variables: tuple[str, ...], scope: int, reason: str) -> None:
    """See ``cli_instance_help``."""
    if not variables:
        raise InvalidInput(say("请用 --var 给出变量。", "Give variables with --var."))
    with installation.opened(read_settings()) as store:
        store.run(instances.set_variables, instance_id, scope, _values(variables), reason=reason, by=None)
    _done()


@instance.command("restart")
@click.argument("instance_id", type=click.UUID)
@click.option("--element")
@click.option("--visit", type=int)
@click.option("--rewind", is_flag=True)
@VAR
@REASON
@DRY_RUN
def restart(*, instance_id: UUID, reason: str, dry_run: bool, **asked: Any) -> None:
    """See ``cli_instance_help``."""
    given, rewind = _values(asked["variables"]), asked["rewind"]
    with installation.opened(read_settings()) as store:
        event = asked["visit"] or _latest(store, instance_id, asked["element"])
        if dry_run:
            look = restarts.plan_rewind if rewind else restarts.plan_restart
            show_plan(store.look(look, instance_id, event, given=given, by=None))
            return
        if rewind:
            store.run(restarts.rewind, instance_id, event, given=given, reason=reason, by=None)
            _done()
            return
        new = store.run(restarts.restart, instance_id, event, given=given, reason=reason, by=None)
    click.echo(say(f"新实例：{new}", f"New instance: {new}"))


def _with_reason(name: str, command: Callable[..., None]) -> click.Command:
    def act(*, instance_id: UUID, reason: str) -> None:
        with installation.opened(read_settings()) as store:
            store.run(command, instance_id, reason=reason, by=None)
        _done()

    argument = click.Argument(["instance_id"], type=click.UUID)
    return click.Command(name, callback=act, params=[argument, click.Option(["--reason"], default="")])


for one, does in (("suspend", instances.suspend), ("resume", instances.resume), ("cancel", instances.cancel)):
    instance.add_command(_with_reason(one, does))


def _change(instance_id: UUID, change: Change, reason: str, *, dry_run: bool) -> None:
    with installation.opened(read_settings()) as store:
        plan: Plan = store.look(modifications.plan, instance_id, change, by=None)
        if not dry_run:
            more: dict[str, Any] = {"reason": reason, "by": None, "version": plan.version}
            store.run(modifications.apply, instance_id, change, **more)
    show_plan(plan, done=not dry_run)


def _place(wait: int | None, token: int | None) -> Place:
    if (wait is None) is (token is None):
        raise InvalidInput(say("请给出 --wait 或 --token 之一。", "Give either --wait or --token."))
    return Place(wait, token)


def _arrival(text: str) -> Place:
    """Return the token at a join that ``flow`` or ``flow@token`` names, the token being its scope."""
    flow, _at, number = text.rpartition("@")
    return Place(flow=flow, token=int(number)) if flow and number.isdigit() else Place(flow=text)


def _latest(store: Store, instance_id: UUID, element: str | None) -> int:
    if element is None:
        raise InvalidInput(say("请给出 --element 或 --visit。", "Give --element or --visit."))
    found = [each for each in store.look(restarts.visits, instance_id, by=None) if each.element == element]
    if not found:
        raise NotFound(say(f"实例没有经过「{element}」。", f"The instance has not come to «{element}»."))
    return found[-1].event


def _values(texts: Iterable[str]) -> dict[str, Any]:
    """Return the variables of ``name=FEEL`` or ``name=@file`` texts."""
    found, settings = {}, read_settings()
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise InvalidInput(
                say(f"--var {text!r} 要写成 名=值。", f"--var {text!r} must be written name=value.")
            )
        found[name.strip()] = _value(name.strip(), value.strip(), settings)
    return found


def _value(name: str, text: str, settings: Settings) -> Any:
    if text.startswith("@") and not text.startswith('@"'):
        path = Path(text[1:])
        if not path.is_file():
            raise NotFound(say(f"没有文件 {path}。", f"There is no file {path}."))
        return literals.read(name, path.read_text("utf-8"), settings.zone)
    return literals.read(name, text if text.startswith("=") else f"= {text}", settings.zone)


def _done() -> None:
    click.echo(say("已完成。", "Done."))


COMMANDS = (instance,)
