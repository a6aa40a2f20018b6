"""Help of ``zhangfang feel`` and ``zhangfang decide`` in both languages."""

from __future__ import annotations

_VARIABLES = (
    "变量，JSON 或 FEEL 上下文，如 '{\"amount\": 120}'；@文件 从文件读。覆盖实例的同名变量。",
    "Variables as JSON or a FEEL context, such as '{\"amount\": 120}', or @file. They go over those of the instance.",
)
_INSTANCE = ("取这个实例的变量。", "Take the variables of this instance.")
_SCOPE = ("从实例的哪个范围看。", "The scope of the instance that it is seen from.")

TRYING_HELP: dict[str, tuple[str, str]] = {
    "feel": (
        "求一个 FEEL 表达式的值；提醒写到标准错误。什么都不保存。",
        "Evaluate a FEEL expression; warnings go to standard error. Nothing is kept.",
    ),
    "feel --variables": _VARIABLES,
    "feel --instance": _INSTANCE,
    "feel --scope": _SCOPE,
    "decide": (
        "求一个决策的结果；符合的行、输入和提醒写到标准错误。什么都不保存。",
        "Evaluate a decision; matched rules, inputs and warnings go to standard error. Nothing is kept.",
    ),
    "decide --variables": _VARIABLES,
    "decide --instance": _INSTANCE,
    "decide --scope": _SCOPE,
    "decide --file": (
        "用这个 DMN 文件，不用已发布的版本。",
        "Take this DMN file instead of the deployed version.",
    ),
}
"""Command, or command and option → help (中文, English)."""
