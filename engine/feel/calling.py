"""Call a function value from outside of an expression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.errors import ExpressionError
from engine.feel.environment import DEFAULT, Environment
from engine.feel.functions import Function, invoke
from engine.feel.running import LimitExceeded, Run
from engine.feel.tokens import problem
from engine.feel.values import Undefined, Value


def call(
    target: Function, arguments: Sequence[Value] | Mapping[str, Value], env: Environment = DEFAULT
) -> tuple[Value, tuple[str, ...]]:
    """Return what ``target`` gives for arguments by place or by name, and the warnings for the author.

    Raises ExpressionError past a limit.
    """
    run = Run(env)
    try:
        if isinstance(arguments, Mapping):
            value = run.weigh(invoke(target, list(arguments.values()), list(arguments), run))
        else:
            value = run.weigh(invoke(target, arguments, (), run))
    except (Undefined, ArithmeticError) as undefined:
        run.warn(f"{undefined}." if isinstance(undefined, Undefined) else "A value is out of range.")
        value = None
    except (LimitExceeded, RecursionError) as caught:
        raise _beyond(target, caught) from None
    return value, tuple(run.warnings or ())


def _beyond(target: Function, caught: Exception) -> ExpressionError:
    known = isinstance(caught, LimitExceeded)
    return problem(str(caught) if known else "The calls are nested too deep (limit 'depth').", target.name, 0)
