"""Whose goals and numbers a person may see in lists: their own, their teams', or everybody's."""

from typing import Any

from domain.people.rules import Person

SEEN = """(:sees_all OR {alias}.{rep} = :own_rep_id OR EXISTS (
    SELECT FROM current_memberships seen
     WHERE seen.workspace_id = {alias}.workspace_id AND seen.sales_rep_id = {alias}.{rep}
       AND seen.team_id = ANY(CAST(:managed_teams AS bigint[]))))"""


def seen(alias: str, rep: str = "sales_rep_id") -> str:
    """Return SQL: the condition that the rep in a row of `alias` may be seen; `keys` has its parameters."""
    return SEEN.format(alias=alias, rep=rep)


def keys(person: Person) -> dict[str, Any]:
    """Return the parameters of `seen` for this person."""
    return {
        "sees_all": person.is_admin,
        "own_rep_id": person.rep.id if person.rep else 0,
        "managed_teams": sorted(person.manages),
    }
