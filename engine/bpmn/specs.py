"""Compiling a process into SpiffWorkflow specifications of ours; once for each content, then kept and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.bpmn.compiling import Compiler
from engine.bpmn.model import Model, ProcessModel
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.nodes.containers import RootSpec


@dataclass(frozen=True, slots=True, eq=False)
class Spec:
    """What runs: ``nodes`` by name (the element's id; ``id#each`` for one instance of a multi-instance activity)."""

    process: ProcessModel
    digest: str
    workflow: BpmnProcessSpec
    nodes: Mapping[str, ElementSpec]
    root: RootSpec


def compile_spec(model: Model, process_id: str, functions: Iterable[str] = ()) -> Spec:
    """Return the compiled process; the same file and process are compiled once.

    ``functions`` are the names that FEEL shall know besides its own. KeyError for an unknown process,
    ExpressionError or InvalidInput for an expression or timer that the gate would have refused.
    """
    return _compiled(_Key(model.digest, process_id, frozenset(functions), model))


@dataclass(frozen=True, slots=True)
class _Key:
    digest: str
    process_id: str
    functions: frozenset[str]
    model: Model

    def __hash__(self) -> int:
        return hash((self.digest, self.process_id, self.functions))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.identity == other.identity

    @property
    def identity(self) -> tuple[str, str, frozenset[str]]:
        return (self.digest, self.process_id, self.functions)


@lru_cache(maxsize=512)
def _compiled(key: _Key) -> Spec:
    process = key.model.process(key.process_id)
    compiler = Compiler(process, key.functions)
    nodes, root = compiler.run()
    return Spec(process, key.digest, compiler.workflow, nodes, root)
