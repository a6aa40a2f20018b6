"""Migrating a running instance to another version of its definition: checked first, then carried over whole or not at all.

Everything is prepared on a new case beside the old one, which stays as it is. So a dry run is the same call, and what is
refused has changed nothing.
"""

from engine.bpmn.migrating.carrying import Kept
from engine.bpmn.migrating.findings import CHANGES, PROBLEMS, Finding
from engine.bpmn.migrating.places import Mapped, fits, match
from engine.bpmn.migrating.whole import Migration, migrate

__all__ = ["CHANGES", "PROBLEMS", "Finding", "Kept", "Mapped", "Migration", "fits", "match", "migrate"]
