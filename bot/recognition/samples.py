"""Posts of achievements with made-up figures, for previews."""

from datetime import datetime
from decimal import Decimal

from bot.recognition import messages
from bot.slack.blocks import Message
from bot.slack.rendering import Sample, sample_month
from domain.people.rules import Person
from domain.recognition import announcing
from domain.recognition.model import AchievementId, AchievementType, BadgeId, PostId
from domain.recognition.queries import AchievementPost, Award, BadgeAward


def _made(person: Person, now: datetime) -> Message:
    month, _ = sample_month(person, now)
    made = [
        (AchievementType.MONTHLY_SIGNUPS, 0, 20, 21, 0),
        (AchievementType.TIER, 2, 20, 21, 150),
        (AchievementType.STREAK, 3, 3, 3, 0),
    ]
    awards = tuple(
        Award(AchievementId(0), kind, month, step, Decimal(goal), Decimal(actual), Decimal(adds), month.start)
        for kind, step, goal, actual, adds in made
    )
    word = "Stayed with a hard customer, and won them over"
    badges = (BadgeAward(BadgeId(0), "Team spirit", word, "🤝", None, "Marisol Peña", month.start),)
    return messages.achievement(
        AchievementPost(
            id=PostId(0),
            rep="Ana Souza",
            in_channel=True,
            awards=awards,
            badges=badges,
            cheers=3,
            shows_money=True,
            currency=person.currency,
            locale=person.locale,
        )
    )


SAMPLES: dict[str, Sample] = {announcing.ACHIEVEMENT: _made}
