"""Several DMN files as one: what a file imports, found among the files beside it by namespace (DMN 1.5, 6.3.3 and 10.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.dmn.decisions import Decisions
from engine.dmn.graph import Imported, InputItem, Node
from engine.dmn.item_types import ItemTypes
from engine.dmn.source import NAMESPACES, Element, children, line, read_root
from engine.errors import DecisionError
from engine.feel.types import ContextType, FunctionType, ListType, Named, RangeType, Type


@dataclass(frozen=True, slots=True)
class Import:
    """One import: the name that goes before what is imported, the namespace of the other file, the line."""

    name: str
    namespace: str
    kind: str
    line: int

    @property
    def is_dmn(self) -> bool:
        """Whether the other file holds decisions."""
        return self.kind in NAMESPACES


@dataclass(frozen=True, slots=True)
class Heading:
    """The namespace of a file, and what it imports."""

    namespace: str
    imports: tuple[Import, ...]


@lru_cache(maxsize=1024)
def heading(xml: bytes, *, file: str = "") -> Heading:
    """Return the namespace of a DMN file and its imports; DecisionError when it is none."""
    return heading_of(read_root(xml, file))


def heading_of(root: Element) -> Heading:
    """Return the namespace of a file and its imports."""
    imports = tuple(
        Import(
            part.get("name", ""),
            part.get("namespace", ""),
            part.get("importType", "") or next(iter(NAMESPACES)),
            line(part),
        )
        for part in children(root, "import")
    )
    return Heading(root.get("namespace", ""), imports)


def offering(beside: Mapping[str, bytes], namespace: str) -> Iterator[str]:
    """Yield the names of the files with a namespace; what is no DMN file has none."""
    for file in sorted(beside):
        try:
            if heading(beside[file], file=file).namespace == namespace:
                yield file
        except DecisionError:
            continue


def circle(file: str, beside: Mapping[str, bytes], imports: tuple[Import, ...]) -> tuple[str, ...]:
    """Return the files through which a file imports itself, itself first; nothing when it does not."""
    waiting: list[tuple[Import, tuple[str, ...]]] = [(each, (file,)) for each in imports]
    seen = set[str]()
    while waiting:
        imported, path = waiting.pop()
        for name in offering(beside, imported.namespace):
            if name == file and len(path) > 1:
                return path
            if name != file and name not in seen:
                seen.add(name)
                waiting.extend((each, (*path, name)) for each in heading(beside[name], file=name).imports)
    return ()


def import_nodes(imported: Import, files: tuple[Decisions, ...]) -> dict[str, Node]:
    """Return the nodes of imported files by namespace and id, as the importing file refers to them."""
    found: dict[str, Node] = {}
    for decisions in files:
        for node in decisions.nodes.values():
            if isinstance(node, Imported):
                continue
            key = f"{imported.namespace}#{node.id}"
            name = node.name if isinstance(node, InputItem) else node.read_as
            found[key] = Imported(key, imported.name, name, node, decisions)
    return found


def import_types(types: ItemTypes, imported: Import, files: tuple[Decisions, ...]) -> None:
    """Make the types of imported files known as ``name.type``."""
    prefix = f"{imported.name}." if imported.name else ""
    for decisions in files:
        for name, type_ in decisions.types.types.items():
            types.types[prefix + name] = _prefixed(type_, prefix)
        for name, constraints in decisions.types.constraints.items():
            types.constraints[prefix + name] = constraints


def _prefixed(type_: Type, prefix: str) -> Type:
    if isinstance(type_, Named):
        return Named(prefix + type_.name)
    if isinstance(type_, ListType | RangeType):
        return replace(type_, item=_prefixed(type_.item, prefix))
    if isinstance(type_, ContextType):
        return ContextType(tuple((name, _prefixed(part, prefix)) for name, part in type_.entries))
    if isinstance(type_, FunctionType):
        parameters = tuple(_prefixed(part, prefix) for part in type_.parameters)
        return FunctionType(parameters, _prefixed(type_.result, prefix))
    return type_
