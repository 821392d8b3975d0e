"""Only what somebody sees who is no owner: see domain/rights.Sight."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.rights import Sight


def within(sight: Sight | None, person_id: sa.ColumnElement[Any], team: sa.ColumnElement[Any]) -> tuple[Any, ...]:
    """Nothing for an owner; else what `Sight.takes_in` says of a row with these columns."""
    if sight is None:
        return ()
    whose = sa.or_(person_id.is_(None), person_id.in_(sorted(sight.people)))
    return team == sight.team, whose
