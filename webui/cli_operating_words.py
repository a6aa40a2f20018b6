"""Help of the operators' commands, as in ``cli_language``."""

from __future__ import annotations

ACTS = {
    "suspend": (
        "暂停一个流程的实例（全部或一个版本）。",
        "Suspend the instances of a process, or of one version.",
    ),
    "resume": (
        "恢复一个流程已暂停的实例（全部或一个版本）。",
        "Resume the suspended instances of a process, or of one version.",
    ),
    "cancel": (
        "取消一个流程的实例（全部或一个版本）。",
        "Cancel the instances of a process, or of one version.",
    ),
}
NARROW = {
    "client": ("只限这个客户（编号）。", "Only of this client (its code)."),
    "period": ("只限这个期间，如 2026-08。", "Only of this period, such as 2026-08."),
}
HELP: dict[str, tuple[str, str]] = {
    "migrate": (
        "把运行中的实例转到流程的另一个版本。",
        "Carry running instances over to another version of their process.",
    ),
    "migrate --from": (
        "只迁移这个版本的实例；省略时为所有其他版本。",
        "Only instances of this version; all others without it.",
    ),
    "migrate --to": ("目标版本；省略时为最新版本。", "Version to go to; the newest without it."),
    "migrate --client": NARROW["client"],
    "migrate --period": NARROW["period"],
    "migrate --map": (
        "标识不同的步骤或线：旧=新，可重复；「线=」放弃经它到达的令牌。",
        "Elements or flows that have another id: old=new, may be repeated; «flow=» gives up what came by it.",
    ),
    "migrate --children": (
        "连同被调用的实例，各转到自己流程的最新版本。",
        "Called instances too, each to the newest version.",
    ),
    "migrate --instance": ("只迁移这个实例，可重复。", "Just this instance; may be repeated."),
    "migrate --dry-run": ("只试算并报告，什么也不改。", "Only try and report; nothing is changed."),
    "migrate --reason": ("原因，记入历史。", "Reason; it is kept in the history."),
}
for _name, _help in ACTS.items():
    HELP |= {
        _name: _help,
        f"{_name} --version": ("只限这个版本。", "Only this version."),
        f"{_name} --client": NARROW["client"],
        f"{_name} --period": NARROW["period"],
        f"{_name} --instance": ("只限这个实例，可重复。", "Just this instance; may be repeated."),
        f"{_name} --yes": ("不再询问。", "Do not ask."),
        f"{_name} --reason": ("原因，记入历史。", "Reason; it is kept in the history."),
    }
"""Command, or command and option → help (中文, English)."""
