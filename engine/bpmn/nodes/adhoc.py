"""Ad-hoc sub-processes: everything that no flow leads to is begun, all at once or one after the other."""

from __future__ import annotations

from engine.bpmn.formulas import Formula, Trouble
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.nodes.containers import ContainerSpec
from engine.bpmn.tokens import Token

NEXT, ENOUGH, OVER = "next", "enough", "over"


class AdHocSpec(ContainerSpec):
    """An ad-hoc sub-process (BPMN 2.0.2, 13.3.5); its completion condition is asked whenever an element inside is left.

    When that holds nothing more is begun, and what still runs is interrupted or awaited, as the model says.
    """

    asks_always = True
    sequential = False
    interrupts = True
    completion: Formula | None = None

    def begin(self, token: Token) -> bool:
        """Begin all that no flow leads to, or the first of it."""
        self.local_scope(token)
        first = self.first[:1] if self.sequential else self.first
        token.counts = {NEXT: len(first)}
        for spec in first:
            token.workflow.spawn(token, spec)
        return not first

    @property
    def first(self) -> list[ElementSpec]:
        """The elements inside that no flow leads to, as drawn."""
        return [spec for spec in self.inside if not spec.incoming]

    def child_leaving(self, host: Token, child: Token) -> None:
        """Ask whether enough is done."""
        if self.completion is None or OVER in host.counts:
            return
        value = host.workflow.evaluate(self.completion, child.inner_scope)
        if not isinstance(value, bool):
            message = f"The completion condition «{self.completion.text}» gives {value!r}, not true or false."
            raise Trouble("condition", message)
        host.counts[ENOUGH] = int(value)

    def child_finished(self, host: Token, child: Token) -> None:
        """Begin nothing more once enough is done."""
        case = host.workflow
        if host.counts.pop(ENOUGH, 0):
            host.counts[OVER] = 1
            if self.interrupts:
                for number in [each for each in host.numbers_inside if each != child.id]:
                    case.cancel_token(case.tasks[number])
                case.arrivals.pop(host.id, None)
        if OVER in host.counts:
            child.chosen = ()

    def emptied(self, host: Token) -> None:
        """Begin the next in a sequence, or be done."""
        begun = host.counts.get(NEXT, 0)
        if self.sequential and OVER not in host.counts and begun < len(self.first):
            host.counts[NEXT] = begun + 1
            host.workflow.spawn(host, self.first[begun])
        else:
            super().emptied(host)
