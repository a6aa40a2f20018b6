"""The firm's own work: pure functions by area, and the service tasks that call them."""

from __future__ import annotations

from handlers.tasks import handlers

__all__ = ["handlers"]
