"""Errors that say the database, or the disk, is busy, full or away: the same again may work in a moment."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

# What can be an outage; whether it is, `is_outage` says.
OUTAGES: tuple[type[Exception], ...] = (DBAPIError, NoConnection, sqlite3.Error, OSError)
SQLITE_LOGIC = 1  # no such table, a misspelt statement: a fault of ours, which no waiting mends
SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY}
SQLITE |= {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL}
# Connection, broken off by another, resources, not in the state for it, operator, system: PostgreSQL's classes.
POSTGRESQL = ("08", "40", "53", "55", "57", "58")
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ECONNREFUSED, errno.ECONNRESET}


def is_outage(error: BaseException) -> bool:
    if isinstance(error, NoConnection):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    said = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(said, sqlite3.Error):
        return (getattr(said, "sqlite_errorcode", SQLITE_LOGIC) & 0xFF) in SQLITE
    if isinstance(said, OSError):
        return said.errno in DISK
    return str(getattr(said, "sqlstate", None) or "").startswith(POSTGRESQL)
