"""form-js schemas on the server: ``parse`` a schema, ``Form.validate`` answers as the browser does."""

from __future__ import annotations

from engine.forms.fields import Field
from engine.forms.form import Checked, Form, parse
from engine.forms.problem import TEXTS, FormError, FormProblem, Problem

__all__ = ["TEXTS", "Checked", "Field", "Form", "FormError", "FormProblem", "Problem", "parse"]
