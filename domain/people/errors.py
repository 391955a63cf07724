"""Why somebody can't ask to join a team, and why a request can't be decided."""

from domain.errors import Refusal


class AlreadyOnATeam(Refusal):
    """The person belongs to a team already; `team` names it."""

    code = "already_on_a_team"


class AlreadyAsked(Refusal):
    """The person's request for this team is still open."""

    code = "already_asked"


class NobodyDecides(Refusal):
    """Nobody can decide who joins the team."""

    code = "nobody_decides"


class NoSuchRequest(Refusal):
    """The request isn't there any more."""

    code = "no_such_request"


class RequestDecided(Refusal):
    """The request has been decided, or has lapsed."""

    code = "request_decided"
