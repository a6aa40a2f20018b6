"""E-mail messages as values and as bytes; the same call always builds the same message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files

import yaml

from engine.errors import InvalidInput
from handlers.texts import fill, places

_ADDRESS = re.compile(r"[^@\s<>\"(),:;\[\]\\]+@[^@\s<>\"(),:;\[\]\\]+\.[^@\s<>\"(),:;\[\]\\]+")


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """A subject and paragraphs with places; a paragraph with a place that has no value is left out."""

    subject: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: to whom, from whom, subject, text, files. `key` names it: the same key is the same message."""

    key: str
    sender: str
    sender_name: str
    to: tuple[str, ...]
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()


def read_templates(text: str) -> Mapping[str, MailTemplate]:
    """Read templates by name from YAML (see templates.yaml); InvalidInput names the one that is wrong."""
    try:
        found = yaml.safe_load(text)
        return {
            str(name): MailTemplate(str(each["subject"]), tuple(map(str, each["text"])))
            for name, each in found.items()
        }
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(f"The mail templates lack or garble a part: {error!r}.") from error


@cache
def standard_templates() -> Mapping[str, MailTemplate]:
    """Give the templates of this package."""
    return read_templates(files(__package__).joinpath("templates.yaml").read_text("utf-8"))


def write(template: MailTemplate, values: Mapping[str, object]) -> tuple[str, str]:
    """Fill a template: subject and text. InvalidInput when the subject lacks a value."""
    paragraphs = [part for part in template.paragraphs if all(values.get(name) for name in places(part))]
    return fill(template.subject, values), "\n\n".join(fill(part, values) for part in paragraphs)


def build(letter: Letter, sent_at: datetime) -> EmailMessage:
    """Make the message; its Message-ID comes from the key, so a repeated sending can be recognised.

    Raises InvalidInput for an address that is none, a subject with line breaks, or nobody to send to.
    """
    if not letter.to:
        raise InvalidInput(f"The message «{letter.subject}» has nobody to go to; enter an e-mail address.")
    if "\n" in letter.subject or "\r" in letter.subject or not letter.subject.strip():
        raise InvalidInput("The subject of a message is one line of text; take the line breaks out.")
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(letter.sender, letter.sender_name)
    message["To"] = [_address(each) for each in letter.to]
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = (
        f"<{sha256(letter.key.encode()).hexdigest()[:32]}@{letter.sender.rpartition('@')[2]}>"
    )
    message.set_content(letter.text + "\n")
    for attachment in letter.attachments:
        kind, _, sub = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, maintype=kind, subtype=sub, filename=attachment.filename)
    if letter.attachments:
        message.set_boundary(f"=={sha256(letter.key.encode()).hexdigest()[:32]}==")
    return message


def addresses(text: str) -> tuple[str, ...]:
    """Read the addresses of a text, separated by comma, semicolon or blank; InvalidInput names a wrong one."""
    found: Sequence[str] = [each for each in re.split(r"[,;，；\s]+", text) if each]
    return tuple(_address(each).addr_spec for each in found)


def _address(text: str, name: str = "") -> Address:
    if not _ADDRESS.fullmatch(text):
        raise InvalidInput(f"{text!r} is not an e-mail address; write it like name@example.com.")
    try:
        return Address(display_name=name, addr_spec=text)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise InvalidInput(f"{text!r} with the name {name!r} cannot stand in a message: {error}.") from error
