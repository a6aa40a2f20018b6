"""Commands that tell processes of something outside: a message, a signal, variables that a condition may wait for."""

from __future__ import annotations

import click

from engine.commands import conditions, messages, signals
from webui import installation
from webui.cli_language import say
from webui.cli_work import values
from webui.settings import read_settings

VAR = click.option("--var", "variables", multiple=True)


@click.command("message")
@click.argument("name")
@click.option("--key", default="")
@VAR
@click.option("--id", "message_id")
@click.option("--ttl", type=click.IntRange(0), default=messages.TTL)
def message(*, name: str, key: str, variables: tuple[str, ...], message_id: str | None, ttl: int) -> None:
    """See ``cli_language.HELP``."""
    with installation.opened(read_settings()) as store:
        new = store.run(messages.publish, name, key, values(variables), message_id=message_id, ttl=ttl)
    if new:
        click.echo(say(f"已发布消息 {name}。", f"Published the message {name}."))
    else:
        told = f"编号 {message_id} 的消息 {name} 已经收到过，没有再发。"
        click.echo(
            say(told, f"The message {name} with the id {message_id} is known already; nothing was done.")
        )


@click.command("signal")
@click.argument("name")
@VAR
def signal(*, name: str, variables: tuple[str, ...]) -> None:
    """See ``cli_language.HELP``."""
    with installation.opened(read_settings()) as store:
        reached = store.run(signals.broadcast, name, values(variables))
    click.echo(say(f"信号 {name} 到达 {reached} 处。", f"The signal {name} reached {reached}."))


@click.command("conditions")
@VAR
@click.option("--process")
def evaluate(*, variables: tuple[str, ...], process: str | None) -> None:
    """See ``cli_language.HELP``."""
    with installation.opened(read_settings()) as store:
        started = store.run(conditions.evaluate, values(variables), process=process)
    for instance in started:
        click.echo(str(instance))
    click.echo(say(f"已发起 {len(started)} 个实例。", f"Started {len(started)} instances."))


COMMANDS = (message, signal, evaluate)
