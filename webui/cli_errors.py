"""How errors leave the command line: one sentence and an exit code, no trace."""

from __future__ import annotations

from typing import Any

import click
from rich.cells import cell_len

from engine.errors import (
    Busy,
    Conflict,
    DeploymentRefused,
    ExpressionError,
    InvalidAnswers,
    InvalidInput,
    NotAllowed,
    NotFound,
    ZhangfangError,
)
from store.errors import StoreBusy, StoreError
from webui.cli_language import say
from webui.problem_words import line
from webui.sentences import in_chinese, told_by_feel

EXIT_CODES: dict[type[Exception], int] = {
    InvalidInput: 2,
    InvalidAnswers: 2,
    ExpressionError: 2,
    NotFound: 3,
    NotAllowed: 4,
    Conflict: 5,
    DeploymentRefused: 6,
    Busy: 7,
    StoreBusy: 7,
}
"""Error → exit code; any other error of the engine or the store ends with 1, wrong usage with 2, success with 0."""


class CodedError(click.ClickException):
    """An error of the engine or the store on its way out of the command line."""

    def __init__(self, error: Exception) -> None:
        """Keep the sentence and find the code."""
        super().__init__(_sentence(error))
        self.coded = next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1)

    @property
    def exit_code(self) -> int:  # type: ignore[override]
        """The code that the process ends with."""
        return self.coded

    def show(self, file: Any = None) -> None:
        """Write the sentence to standard error."""
        click.echo(f"{say('错误', 'Error')}: {self.format_message()}", file=file, err=True)


def _sentence(error: Exception) -> str:
    if isinstance(error, DeploymentRefused):
        return "\n".join(line(each, chinese=say("zh", "") == "zh") for each in error.problems)
    if isinstance(error, ExpressionError):
        return _marked(error)
    return say(told_by_feel(str(error), chinese=True), str(error))


def _marked(error: ExpressionError) -> str:
    """Return what is wrong with an expression, and the line of it with a mark below the place."""
    text = error.text.splitlines()[error.line - 1 : error.line] or [""]
    where = say(
        f"（第 {error.line} 行第 {error.column} 个字符）", f" (line {error.line}, column {error.column})"
    )
    mark = " " * cell_len(text[0][: error.column - 1]) + "^"
    return f"{say(in_chinese(error.message), error.message)}{where}\n  {text[0]}\n  {mark}"


class Commands(click.Group):
    """The commands, with errors turned into sentences and exit codes."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except (ZhangfangError, StoreError) as error:
            raise CodedError(error) from error
