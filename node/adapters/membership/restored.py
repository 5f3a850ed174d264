"""Marks the membership of a program that was just restored, before anything can be said in its name."""

from datetime import datetime

from sqlalchemy import Connection

from federation.membership import catching_up
from federation.membership.links import Links
from node.adapters.sql.tables import MEMBER


def mark_restored(connection: Connection, made_at: datetime, at: datetime) -> bool:
    """Whether other programs may know more than the backup of `made_at`; then nothing leaves before they were asked."""
    if Links(MEMBER).find(connection) is None:
        return False
    catching_up.mark_restored(MEMBER, connection, made_at, at)
    return True
