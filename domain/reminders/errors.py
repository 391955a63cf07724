"""Why a reminder can't be put off, and why nobody can be nudged."""

from domain.errors import Refusal


class NoGoalsThatMonth(Refusal):
    """The rep has no goals to set for the month."""

    code = "no_goals_that_month"


class NothingToRemindOf(Refusal):
    """The goals are set, so no reminder is left to come."""

    code = "nothing_to_remind_of"


class DeadlinePassed(Refusal):
    """The deadline has passed, so a reminder would come too late."""

    code = "deadline_passed"


class AfterTheDeadline(Refusal):
    """The reminder would come back only after the deadline."""

    code = "after_the_deadline"


class ReminderGone(Refusal):
    """The reminder isn't there any more."""

    code = "reminder_gone"


class ReminderReplaced(Refusal):
    """A newer reminder for the same goals has taken its place."""

    code = "reminder_replaced"


class ReminderAnswered(Refusal):
    """The rep has already answered the reminder."""

    code = "reminder_answered"


class NobodyToNudge(Refusal):
    """None of the reps asked for can be nudged now."""

    code = "nobody_to_nudge"
