"""Help of ``zhangfang instance`` in both languages."""

from __future__ import annotations

REASON = ("原因，留在历史中。", "The reason; it is kept in the history.")
DRY = ("只显示会发生什么，不做任何修改。", "Only show what would happen, change nothing.")
WAIT = ("等待编号（见 instance show）。", "Number of the wait (see «instance show»).")
TOKEN = (
    "令牌编号（见 instance show）；范围的令牌连同里面的一切。",
    "Number of the token (see «instance show»); that of a scope takes all that is in it.",
)
VAR = (
    "变量，名=值，值为 FEEL 表达式，或 @文件；可重复。",
    "Variable, name=FEEL expression or name=@file; may be repeated.",
)

INSTANCE_HELP: dict[str, tuple[str, str]] = {
    "instance": ("一个实例的运维操作。", "What an operator does to one instance."),
    "instance show": (
        "显示实例的状态、令牌、等待和变量范围。",
        "Show the state of an instance: tokens, what they wait for, scopes.",
    ),
    "instance visits": (
        "列出经过的步骤，供 instance restart 选择。",
        "List the steps that it came to, for «instance restart».",
    ),
    "instance visits --element": ("只列出这个步骤。", "Only those of this element."),
    "instance move": (
        "移走令牌，在别处放入新的令牌。",
        "Take tokens away and put new ones elsewhere.",
    ),
    "instance move --from-wait": WAIT,
    "instance move --from-token": TOKEN,
    "instance move --from-flow": (
        "已到汇合网关的令牌：它经由的连线，有几个范围时写 连线@令牌。",
        "A token that has come to a join: the flow that it came through; flow@token when there are several scopes.",
    ),
    "instance move --to": ("放到这个步骤之前。", "Put a token before this element."),
    "instance move --after": ("放到这个步骤之后。", "Put a token behind this element."),
    "instance move --through": ("经由这条连线放入。", "Put a token through this sequence flow."),
    "instance move --inside": (
        "放在哪个令牌的范围里；有几个可能时需要。",
        "Number of the token to put it inside of; needed when there are several.",
    ),
    "instance move --var": VAR,
    "instance move --reason": REASON,
    "instance move --dry-run": DRY,
    "instance skip": (
        "不做这一步，直接往下走；附加的定时或消息则现在发生。",
        "Go on without the step being done; an event beside one takes place now.",
    ),
    "instance skip --wait": WAIT,
    "instance skip --token": TOKEN,
    "instance skip --var": VAR,
    "instance skip --outputs": (
        "输出映射：yes 应用，no 不应用；省略时有结果才应用。",
        "Output mappings: yes or no; without it applied only when there is a result.",
    ),
    "instance skip --reason": REASON,
    "instance skip --dry-run": DRY,
    "instance find": (
        "按条件（FEEL，读流程变量和 this.state、this.period 等）找实例，输出编号。",
        "Print the instances that a FEEL condition is true for; it reads variables, and this.state, this.period …",
    ),
    "instance find --process": ("只看这个流程。", "Look at this process only."),
    "instance find --state": (
        "只看这种状态；open 为未结束。",
        "Look at this state only; «open» have not ended.",
    ),
    "instance find --most": ("最多输出几个。", "Print at most so many."),
    "instance repeat": (
        "取消正在等待的，重新进入同一步。",
        "Cancel what waits and enter the same step afresh.",
    ),
    "instance repeat --wait": WAIT,
    "instance repeat --token": TOKEN,
    "instance repeat --reason": REASON,
    "instance repeat --dry-run": DRY,
    "instance set": ("修改变量。", "Set variables."),
    "instance set --var": VAR,
    "instance set --scope": (
        "变量范围（见 instance show）；省略时为整个流程。",
        "Number of the scope (see «instance show»); the whole process without it.",
    ),
    "instance set --reason": REASON,
    "instance restart": (
        "从过去的步骤重新开始，变量与当时相同。",
        "Begin again from a past step, with the variables as they were.",
    ),
    "instance restart --element": ("步骤；取最近一次经过。", "The element; its latest visit is taken."),
    "instance restart --visit": (
        "哪一次经过（见 instance visits）。",
        "Number of the visit (see «instance visits»).",
    ),
    "instance restart --rewind": (
        "退回这个实例；省略时另起一个新实例。",
        "Take this instance back; without it a new instance begins.",
    ),
    "instance restart --var": VAR,
    "instance restart --reason": REASON,
    "instance restart --dry-run": DRY,
    "instance suspend": ("暂停实例和它调用的实例。", "Suspend the instance and those it called."),
    "instance suspend --reason": REASON,
    "instance resume": ("恢复暂停的实例。", "Resume a suspended instance."),
    "instance resume --reason": REASON,
    "instance cancel": ("取消实例和它调用的实例。", "Cancel the instance and those it called."),
    "instance cancel --reason": REASON,
}
"""Command, or command and option → help (中文, English)."""
