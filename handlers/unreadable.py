"""Files that cannot be read: the reason in both languages, for the work item that they become."""

from __future__ import annotations

from engine.errors import InvalidInput


class Unreadable(InvalidInput):
    """A received file is not what it should be; ``str`` gives the reason in English, ``zh`` in 中文."""

    def __init__(self, en: str, zh: str) -> None:
        """Keep the reason in both languages."""
        super().__init__(en)
        self.zh = zh
