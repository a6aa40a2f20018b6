"""``zhangfang``: the command line of the product."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from webui import (
    cli_demo,
    cli_events,
    cli_files,
    cli_instance,
    cli_operating,
    cli_server,
    cli_trying,
    cli_work,
)
from webui.cli_errors import Commands
from webui.cli_language import LANGUAGES, speak, translate, wanted_language
from webui.settings import SETTINGS


@click.group(cls=Commands, name="zhangfang", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False)
def zhangfang() -> None:
    """Hold the commands together; what they share is read by each when it runs."""


for module in (
    cli_server,
    cli_files,
    cli_work,
    cli_events,
    cli_operating,
    cli_instance,
    cli_trying,
    cli_demo,
):
    for command in module.COMMANDS:
        zhangfang.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line in the language that is asked for."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    default = next(setting.default for setting in SETTINGS if setting.field == "locale")
    speak(wanted_language(given, default))
    translate(zhangfang)
    zhangfang.main(args=given, prog_name="zhangfang")
