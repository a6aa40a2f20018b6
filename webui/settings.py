"""What an installation can set: the only reader of the environment.

Every setting is one row of ``SETTINGS``; ``docs/operations.md`` holds the same table and a test compares them.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.errors import InvalidInput

PREFIX = "ZHANGFANG_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its field in ``Settings``, how its text is read, what it is for."""

    field: str
    default: str
    read: Callable[[str], Any]
    purpose: str
    purpose_zh: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.field.upper()


def _yes(text: str) -> bool:
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "": False,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if text.strip().lower() not in known:
        raise ValueError("say yes or no")
    return known[text.strip().lower()]


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("must be 1 or more")
    return number


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("is no time zone, such as Asia/Shanghai") from error


def _locale(text: str) -> str:
    if text not in {"zh", "en"}:
        raise ValueError("must be zh or en")
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "data_folder",
        "var",
        Path,
        "Folder of everything that is kept: database, documents, key",
        "数据目录：数据库、资料、密钥",
    ),
    Setting(
        "database_url",
        "",
        str,
        "SQLAlchemy URL; empty: SQLite in the data folder",
        "数据库地址；留空用数据目录里的 SQLite",
    ),
    Setting(
        "documents_folder",
        "",
        str,
        "Folder of received and produced papers; empty: in the data folder",
        "资料目录；留空放在数据目录",
    ),
    Setting(
        "secret_key",
        "",
        str,
        "Signs sessions; empty: a key kept in the data folder",
        "会话签名密钥；留空自动生成并保存",
    ),
    Setting("zone", "Asia/Shanghai", _zone, "The firm's time zone", "公司所在时区"),
    Setting("locale", "zh", _locale, "Language before anybody chooses one: zh or en", "默认语言：zh 或 en"),
    Setting("firm_name", "账房代理记账", str, "The firm's name as clients see it", "客户看到的公司名称"),
    Setting("host", "127.0.0.1", str, "Address that the server listens on", "监听地址"),
    Setting("port", "8000", _count, "Port that the server listens on", "监听端口"),
    Setting("threads", "8", _count, "Threads of the web server", "网页服务线程数"),
    Setting(
        "behind_proxy",
        "no",
        _yes,
        "Trust the X-Forwarded headers of one reverse proxy",
        "信任前面一个反向代理的 X-Forwarded 头",
    ),
    Setting("secure_cookies", "no", _yes, "Send cookies over HTTPS only", "仅通过 HTTPS 发送 Cookie"),
    Setting("session_hours", "10", _count, "Hours until a person must sign in again", "多少小时后需重新登录"),
    Setting("upload_megabytes", "30", _count, "Largest upload in megabytes", "单次上传的最大兆字节数"),
    Setting("worker", "yes", _yes, "Run due jobs inside the web process", "在网页进程内执行到期的作业"),
    Setting("worker_threads", "2", _count, "Threads that run jobs", "执行作业的线程数"),
    Setting(
        "lease_seconds",
        "300",
        _count,
        "Seconds until the job of a lost worker is taken again",
        "执行者失联多少秒后重新派发作业",
    ),
    Setting(
        "mail_outbox",
        "",
        str,
        "Folder that mails are written to when no SMTP server is set; empty: in the data folder",
        "没有发信服务器时邮件写入的目录；留空放在数据目录",
    ),
    Setting(
        "smtp_url",
        "",
        str,
        "smtps://user:password@host:465, smtp:// (STARTTLS) or smtp+plain://; empty: mails are written to the folder",
        "发信服务器地址；留空写入目录",
    ),
    Setting("demo", "no", _yes, "Show the demo firm's accounts on the sign-in page", "登录页显示演示账号"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What this installation has set."""

    data_folder: Path
    database_url: str
    documents_folder: Path
    secret_key: str
    zone: ZoneInfo
    locale: str
    firm_name: str
    host: str
    port: int
    threads: int
    behind_proxy: bool
    secure_cookies: bool
    session_hours: int
    upload_megabytes: int
    worker: bool
    worker_threads: int
    lease_seconds: int
    mail_outbox: Path
    smtp_url: str
    demo: bool


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of an environment (the process's own unless given); InvalidInput names the variable that is wrong."""
    given = os.environ if environment is None else environment
    values = {setting.field: _value(setting, given) for setting in SETTINGS}
    folder: Path = values["data_folder"]
    values["database_url"] = values["database_url"] or f"sqlite:///{folder.absolute() / 'zhangfang.db'}"
    values["documents_folder"] = Path(values["documents_folder"] or folder / "documents")
    values["mail_outbox"] = Path(values["mail_outbox"] or folder / "outbox")
    values["secret_key"] = values["secret_key"] or _kept_key(folder / "secret.key")
    return Settings(**values)


def _value(setting: Setting, given: Mapping[str, str]) -> Any:
    text = given.get(setting.variable, setting.default)
    try:
        return setting.read(text)
    except ValueError as error:
        raise InvalidInput(f"{setting.variable}={text!r} cannot be used: {error}.") from error


def _kept_key(path: Path) -> str:
    """Return the key of the data folder; made at the first start, so that a restart signs nobody out."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
