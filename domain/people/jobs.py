"""The job of people: ending the stints of reps who have been gone from Slack for long."""

from domain.jobs import QUARTER_HOUR, Job
from domain.people.stints import end_absent

END_ABSENT = Job("absences", end_absent, QUARTER_HOUR)
