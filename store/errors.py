"""What can go wrong below the engine: the database is held by others, or the disk takes no more."""

from __future__ import annotations


class StoreError(Exception):
    """Root of the store's own errors; the text is a whole sentence."""


class StoreBusy(StoreError):
    """Others held the database through all attempts; nothing was changed, the same call may be made again."""


class CommitUnknown(StoreError):
    """The database went away during a commit: whether the change was kept must be looked up before it is made again."""


class StorageFull(StoreError):
    """The disk has no room for a document; nothing was kept."""


class DocumentMissing(StoreError):
    """The bytes of a document are not where they were put, or are not what they were."""


class BadQuery(StoreError):
    """A list was asked for with a sort, filter or view that it does not have."""
