"""Commands that do a piece of the firm's work: start an instance, import papers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from engine import feel
from engine.commands import clients, instances
from engine.errors import InvalidInput
from webui import installation
from webui.cli_language import say
from webui.settings import read_settings


@click.command("start")
@click.argument("process")
@click.option("--client")
@click.option("--period")
@click.option("--var", "variables", multiple=True)
def start(*, process: str, client: str | None, period: str | None, variables: tuple[str, ...]) -> None:
    """See ``cli_language.HELP``."""
    with installation.opened(read_settings()) as store:
        known = _client(store, client) if client else None
        started = store.run(
            instances.start, process, _values(variables), by=None, client=known, period=period
        )
    click.echo(say(f"已发起 {process}：{started}", f"Started {process}: {started}"))


def _values(texts: Iterable[str]) -> dict[str, Any]:
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise InvalidInput(
                say(f"--var {text!r} 要写成 名=值。", f"--var {text!r} must be written name=value.")
            )
        found[name.strip()] = feel.compile(value).evaluate({}, feel.DEFAULT)
    return found


COMMANDS = (start,)
