"""The command line in two languages: which one is spoken, and the help texts in both."""

from __future__ import annotations

import locale
from collections.abc import Sequence
from contextvars import ContextVar

import click

from webui import cli_operating_words
from webui.cli_instance_help import INSTANCE_HELP
from webui.cli_trying_help import TRYING_HELP

LANGUAGES = ("zh", "en")
_spoken: ContextVar[str] = ContextVar("spoken", default="zh")

HELP: dict[str, tuple[str, str]] = {
    **INSTANCE_HELP,
    **TRYING_HELP,
    "zhangfang": ("账房：代理记账公司的流程引擎。", "Zhangfang: the process engine of a bookkeeping firm."),
    "zhangfang --lang": ("说哪种语言。", "Language to speak."),
    "init": (
        "建立数据库、岗位、设置，发布初始流程。",
        "Create the database, roles and settings and deploy the first processes.",
    ),
    "init --demo": (
        "同时装入演示公司（员工、客户）。",
        "Load the demo firm too (its staff and clients).",
    ),
    "init --password": (
        "新建负责人账号 admin 的密码；省略时随机生成并显示一次。",
        "Password of the first account, admin; without it one is made up and shown once.",
    ),
    "serve": ("启动网页和调度器。", "Start the pages and the scheduler."),
    "serve --host": ("监听地址。", "Address to listen on."),
    "serve --port": ("监听端口。", "Port to listen on."),
    "serve --demo": (
        "空库时装入演示公司，登录页显示演示账号。",
        "Load the demo firm into an empty database and show its accounts on the sign-in page.",
    ),
    "worker": ("只执行作业和定时，不开网页。", "Run jobs and timers, without the pages."),
    "due": ("立即执行所有到期的作业，然后退出。", "Run everything that is due now, then end."),
    "deploy": (
        "检查并发布一个目录里的流程、决策和表单；有问题就一个也不发布。",
        "Check and deploy the processes, decisions and forms of a folder; all or nothing.",
    ),
    "deploy --note": ("变更说明。", "What this deployment changes."),
    "export": ("把已发布的文件写到目录。", "Write the deployed files into a folder."),
    "check": (
        "检查流程文件（不发布）；也可检查数据库表与迁移是否一致。",
        "Check process files without deploying them, or the migrations against the tables.",
    ),
    "check --migrations": (
        "检查迁移与表定义一致。",
        "Check that the migrations make exactly the tables of the code.",
    ),
    "start": ("发起一个流程实例。", "Start an instance of a process."),
    "start --client": ("客户编号。", "Code of the client."),
    "start --period": ("会计期间，如 2026-08。", "Period, such as 2026-08."),
    "start --var": (
        "起始变量，名=值，值为 FEEL 表达式，可重复。",
        "Start variable, name=FEEL expression; may be repeated.",
    ),
    "message": (
        "发布一条消息：等它的实例继续，以它开始的流程发起。",
        "Publish a message: who waits for it goes on, processes that start with it start.",
    ),
    "message --key": ("关联键，与流程里的一致。", "Correlation key, as the process writes it."),
    "message --var": (
        "随消息带去的变量，名=值，值为 FEEL 表达式，可重复。",
        "Variable that goes along, name=FEEL expression; may be repeated.",
    ),
    "message --id": (
        "消息编号；同一编号只收一次。",
        "Id of the message; one that is known already is not taken twice.",
    ),
    "message --ttl": (
        "没有人等时保留的秒数。",
        "Seconds that it is kept when nobody waits for it.",
    ),
    "signal": ("广播一个信号，到达所有等它的地方。", "Broadcast a signal to everybody who waits for it."),
    "signal --var": (
        "随信号带去的变量，名=值，值为 FEEL 表达式，可重复。",
        "Variable that goes along, name=FEEL expression; may be repeated.",
    ),
    "conditions": (
        "用这些变量检查条件开始事件，成立的就发起实例。",
        "Ask conditional start events with these variables; start an instance where one holds.",
    ),
    "conditions --var": (
        "变量，名=值，值为 FEEL 表达式，可重复。",
        "Variable, name=FEEL expression; may be repeated.",
    ),
    "conditions --process": ("只检查这个流程。", "Ask this process alone."),
    "import-invoice": ("导入电子发票 XML。", "Import e-invoices (XML)."),
    "import-invoice --client": (
        "客户编号；省略时按发票的购销双方查找。",
        "Code of the client; found by the invoice's parties without it.",
    ),
    "import-invoice --period": (
        "会计期间，如 2026-08；省略时为开票月份。",
        "Period, such as 2026-08; the month of issue without it.",
    ),
    "import-bank": ("导入银行或钱包的流水文件。", "Import a statement of a bank or wallet."),
    "import-bank --client": ("客户编号。", "Code of the client."),
    "import-bank --period": ("会计期间，如 2026-08。", "Period, such as 2026-08."),
    "import-bank --profile": ("文件版式，如 icbc、wechat。", "Layout of the file, such as icbc or wechat."),
    "import-bank --account": (
        "账户名称；省略时用版式名。",
        "Name of the account; the layout's name without it.",
    ),
    "scenario": (
        "在临时库上排演场景文件，逐条说明与预期的差异。",
        "Rehearse scenario files on a temporary store and say what differs.",
    ),
    "demo": (
        "用样例资料把两个客户从咨询带到三个月的申报与交付。",
        "Drive two clients from the enquiry through three months on sample inputs.",
    ),
    "demo --headless": (
        "只打印过程和结果，不开网页。",
        "Print the steps and the result, do not open the pages.",
    ),
    "demo --inputs": (
        "8 月资料所在目录（发票 XML、银行 CSV）。",
        "Folder of the August papers (invoices as XML, bank exports as CSV).",
    ),
    "demo --quiet": ("只显示最后的结果。", "Show the result only."),
    "demo --folder": (
        "放数据库和资料的空目录；省略时用数据目录里的 demo。",
        "Empty folder for the database and papers; «demo» in the data folder without it.",
    ),
    **cli_operating_words.HELP,
}
"""Command, or command and option → help (中文, English)."""


def say(zh: str, en: str) -> str:
    """Return the text of the language that is spoken."""
    return zh if _spoken.get() == "zh" else en


def speak(language: str) -> None:
    """Speak ``language`` from here on."""
    _spoken.set(language)


def wanted_language(arguments: Sequence[str], default: str) -> str:
    """Return the language of ``--lang``, else of the terminal's locale, else ``default``."""
    for given, following in zip(arguments, [*arguments, ""][1:], strict=True):
        asked = following if given == "--lang" else given.removeprefix("--lang=")
        if given.startswith("--lang") and asked in LANGUAGES:
            return asked
    terminal = locale.setlocale(locale.LC_CTYPE)[:2]
    return terminal if terminal in LANGUAGES else default


def translate(command: click.Command, path: str = "") -> None:
    """Give a command, its options and its commands the help of the language that is spoken."""
    name = path or "zhangfang"
    command.help = say(*HELP[name])
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            parameter.help = say(*HELP[f"{name} {parameter.opts[0]}"])
    if isinstance(command, click.Group):
        for own, each in command.commands.items():
            translate(each, f"{path} {own}".strip())
