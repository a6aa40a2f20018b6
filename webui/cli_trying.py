"""``zhangfang feel`` and ``zhangfang decide``: an expression or a decision, tried on variables. Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from engine import feel
from engine.commands import trying
from engine.dmn import Evaluation
from engine.errors import InvalidInput, NotFound
from store.queries import instances
from store.queries.scope import EVERYTHING
from store.unit_of_work import Store
from webui import installation, literals
from webui import variables as variables_of
from webui.cli_language import say
from webui.feel_sentences import SAID
from webui.sentences import told_by_feel
from webui.settings import read_settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
VARIABLES = click.option("--variables", default="")
INSTANCE = click.option("--instance", type=click.UUID)
SCOPE = click.option("--scope", type=click.IntRange(0), default=0)


@click.command("feel")
@click.argument("expression")
@VARIABLES
@INSTANCE
@SCOPE
def evaluate(*, expression: str, variables: str, instance: UUID | None, scope: int) -> None:
    """See ``cli_trying_help``."""
    with installation.opened(read_settings()) as store:
        known = _known(store, variables, instance, scope)
        value, warnings = trying.expression(store, expression, known)
    _show(value, warnings)


@click.command("decide")
@click.argument("decision")
@VARIABLES
@INSTANCE
@SCOPE
@click.option("--file", type=FILE)
def decide(*, decision: str, variables: str, instance: UUID | None, scope: int, file: Path | None) -> None:
    """See ``cli_trying_help``."""
    with installation.opened(read_settings()) as store:
        known = _known(store, variables, instance, scope)
        decisions = (
            store.look(trying.newest, decision)
            if file is None
            else store.look(trying.drafted, file.read_bytes(), file.name)
        )
        found = trying.decision(store, decisions, decision, known)
    _show(found.value, found.warnings)
    for each in reversed(found.tables):
        told = f"{_rules(each.evaluation)}{_inputs(each.evaluation)}"
        click.echo(f"  {each.decision}: {told}", err=True)


def _known(store: Store, text: str, instance: UUID | None, scope: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if instance is not None:
        if store.read(instances.get, EVERYTHING, instance) is None:
            raise NotFound(f"There is no instance {instance} for you.")
        found = store.read(variables_of.read, EVERYTHING, instance).seen_from(scope)
    if text.startswith("@") and not text.startswith('@"'):
        path = Path(text[1:])
        if not path.is_file():
            raise NotFound(say(f"没有文件 {path}。", f"There is no file {path}."))
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError as error:
            told = say(f"文件 {path} 不是 UTF-8 文本。", f"The file {path} is no text in UTF-8.")
            raise InvalidInput(told) from error
    return found | trying.written(store, text)


def _show(value: Any, warnings: Iterable[str]) -> None:
    """Write the value alone to standard output, what else is to be said to standard error."""
    kind = feel.kind(value)
    click.echo(_written(value))
    click.echo(say(f"  类型：{SAID.get(kind, kind)}", f"  Kind: {kind}"), err=True)
    for each in warnings:
        click.echo(say(f"  提醒：{told_by_feel(each, chinese=True)}", f"  Warning: {each}"), err=True)


def _written(value: Any) -> str:
    try:
        return literals.literal(value)
    except TypeError:
        kind = feel.kind(value)
        return say(SAID.get(kind, kind), kind)


def _rules(evaluation: Evaluation) -> str:
    if not evaluation.rule_numbers:
        return say("没有符合的行", "no rule matched")
    numbers = ", ".join(map(str, evaluation.rule_numbers))
    return say(f"按第 {numbers} 行", f"by rules {numbers}")


def _inputs(evaluation: Evaluation) -> str:
    given = ", ".join(f"{name} = {_written(value)}" for name, value in evaluation.inputs.items())
    return f"  ({given})" if given else ""


COMMANDS = (evaluate, decide)
