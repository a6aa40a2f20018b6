"""Data inputs and outputs of an element at run time: local variables, filled before it begins and emptied when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.bpmn.formulas import Formula, Trouble, Variable, formula
from engine.bpmn.io_model import Copy, InputsOutputs
from engine.bpmn.nodes.base import ElementSpec, write, write_local
from engine.bpmn.scopes import Scope
from engine.bpmn.tokens import Token


@dataclass(frozen=True, slots=True)
class Move:
    """A compiled copy: ``source`` read in the element's scope goes to a variable, or a path into one."""

    source: Formula
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IoSpec:
    """The compiled inputs and outputs of an element; ``needs`` and ``gives`` are its sets, by what must be in them."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    into: Sequence[Move]
    out: Sequence[Move]
    needs: Sequence[tuple[str, ...]]
    gives: Sequence[tuple[str, ...]]

    def enter(self, spec: ElementSpec, token: Token) -> None:
        """Fill the inputs: by associations, else from what has the same name; Trouble when no input set is complete."""
        self.declare(spec, token)
        case, local = token.workflow, token.inner_scope
        filled = {move.target[0] for move in self.into}
        for name in self.inputs:
            known, value = _around(local, name)
            if name not in filled and known and local.values.get(name) is None:
                case.declare(local, name, value)
        for move in self.into:
            write_local(case, local, move.target, case.evaluate(move.source, local))
        self._complete(token, self.needs, "begins without the data")

    def declare(self, spec: ElementSpec, token: Token) -> None:
        """Make the inputs and outputs variables of the element's own."""
        names = self.inputs if spec.element.kind == "startEvent" else (*self.inputs, *self.outputs)
        for name in names:
            local = spec.local_scope(token)
            if name not in local.values:
                token.workflow.declare(local, name, None)

    def leave(self, token: Token) -> None:
        """Hand out the outputs: by associations, else to what has the same name."""
        self._complete(token, self.gives, "is done without the data")
        for move in self.out:
            value = token.workflow.evaluate(move.source, token.inner_scope)
            write(token.workflow, token.scope, move.target, value)
        moved = {name for move in self.out for name in getattr(move.source, "names", ())}
        for name in self.outputs:
            known, value = token.inner_scope.lookup(name)
            if name not in moved and known and value is not None and token.inner_scope is not token.scope:
                write(token.workflow, token.scope, (name,), value)

    def _complete(self, token: Token, sets: Sequence[tuple[str, ...]], sentence: str) -> None:
        scope = token.inner_scope
        if not sets or any(all(scope.lookup(name)[1] is not None for name in each) for each in sets):
            return
        missing = [name for name in sets[0] if scope.lookup(name)[1] is None]
        element = token.task_spec.element
        message = f"«{element.name or element.id}» {sentence} that it must have: {', '.join(missing)}."
        raise Trouble("data-missing", message)


def compile_io(data: InputsOutputs | None, names: frozenset[str]) -> IoSpec | None:
    """Return what the data of a model are at run time; ExpressionError for what the gate would have refused."""
    if data is None:
        return None
    into, out = (
        tuple(Move(_formula(each, names), each.target) for each in moves)
        for moves in (data.moves_in, data.moves_out)
    )
    return IoSpec(data.inputs, data.outputs, into, out, data.needs, data.gives)


def _formula(move: Copy, names: frozenset[str]) -> Formula:
    return Variable(move.source) if move.source is not None else formula(move.text, names)


def _around(scope: Scope, name: str) -> tuple[bool, Any]:
    return scope.parent.lookup(name) if scope.parent is not None else (False, None)
