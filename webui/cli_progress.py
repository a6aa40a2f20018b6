"""What a terminal shows while something takes long; on standard error, gone when it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import track as tracked

from webui.cli_language import say

Thing = TypeVar("Thing")


@contextmanager
def busy(zh: str, en: str) -> Iterator[None]:
    """Show that a step of unknown length is going on."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(say(zh, en)):
        yield


def track(things: Iterable[Thing], zh: str, en: str) -> Iterator[Thing]:
    """Go through things under a progress bar."""
    console = Console(stderr=True)
    everything = list(things)
    yield from tracked(
        everything, say(zh, en), console=console, transient=True, disable=not console.is_terminal
    )
