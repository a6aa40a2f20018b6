"""The files that are deployed cold: the firm's own library, and copies under other names until there are enough."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

LIBRARY = Path(__file__).resolve().parent.parent.parent / "processes"
KINDS = frozenset({".bpmn", ".dmn", ".form"})


def library(count: int) -> dict[str, bytes]:
    """Return the library's files and copies of its diagrams under other keys, ``count`` diagrams in all."""
    files = {
        path.relative_to(LIBRARY).as_posix(): path.read_bytes()
        for path in sorted(LIBRARY.rglob("*"))
        if path.suffix in KINDS
    }
    drawn = [name for name in files if name.endswith(".bpmn")]
    for number in range(count - len(drawn)):
        key, suffix = PurePosixPath(drawn[number % len(drawn)]).stem, f"_{number}"
        body = files[f"{key}/{key}.bpmn"].decode()
        for reference in ('id="{}"', 'bpmnElement="{}"', 'processRef="{}"'):
            body = body.replace(reference.format(key), reference.format(key + suffix))
        files[f"{key}{suffix}/{key}{suffix}.bpmn"] = body.encode()
    return files
