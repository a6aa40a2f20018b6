"""The two languages: 中文 is what the sources say, English comes from ``translations/en.po``, read as it is."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, request, session

LANGUAGES = {"zh": "中文", "en": "English"}
CATALOGUE = Path(__file__).parent / "translations" / "en.po"


@cache
def translations(language: str) -> NullTranslations:
    """Return the catalogue of a language, compiled in memory at first use."""
    if language != "en":
        return NullTranslations()
    compiled = BytesIO()
    with CATALOGUE.open("rb") as file:
        write_mo(compiled, read_po(file, locale="en"))
    compiled.seek(0)
    return Translations(compiled, domain="messages")


class OwnDomain(flask_babel.Domain):  # type: ignore[misc]
    """Flask-Babel's domain over the catalogue that needs no compiled file on disk."""

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the request's language."""
        return translations(language())


class OwnBabel(flask_babel.Babel):  # type: ignore[misc]
    """Flask-Babel with our domain."""

    @property
    def domain_instance(self) -> OwnDomain:
        """The one domain."""
        return OwnDomain(domain="messages")


def language() -> str:
    """Return the language of this request: chosen in the session, the person's own, the firm's default."""
    chosen = g.get("language") or session.get("language")
    if chosen not in LANGUAGES:
        person = g.get("person")
        chosen = person.locale if person is not None and person.locale in LANGUAGES else g.default_language
    return str(chosen)


def by_language(zh: str, en: str) -> str:
    """Return a name that comes from data in the page's language; 中文 when there is no English."""
    return (en or zh) if language() == "en" else zh


def init_app(app: Flask, default: str) -> None:
    """Give the application its languages."""

    @app.before_request
    def know_default() -> None:
        g.default_language = default
        asked = request.args.get("lang")
        if asked in LANGUAGES:
            g.language = asked

    OwnBabel(app, default_locale="zh", locale_selector=language)
    app.jinja_env.globals.update(language=language, by_language=by_language, LANGUAGES=LANGUAGES)
