"""Functions, triggers and views: derived columns, and checks that no row may break."""

from migrations import objects

revision = "s05"
down_revision = "s04"

_FUNCTIONS = (
    "goalkeeper_touch",
    "goalkeeper_is_zone",
    "goalkeeper_check_zone",
    "goalkeeper_refuse_rewriting",
    "goalkeeper_give_bonus_tiers",
    "goalkeeper_enter_workspace",
    "goalkeeper_percent",
    "goalkeeper_working_days",
    "goalkeeper_counted_days",
    "goalkeeper_prefilled_signups",
    "goalkeeper_months_carried",
    "goalkeeper_pace_rank",
    "goalkeeper_pace",
    "goalkeeper_follow_tiers",
    "goalkeeper_is_made",
    "goalkeeper_rep_zone",
    "goalkeeper_open_month",
    "goalkeeper_keep_period",
    "goalkeeper_set_month",
    "goalkeeper_measure_month",
    "goalkeeper_complete_month",
    "goalkeeper_open_year",
    "goalkeeper_set_year",
    "goalkeeper_measure_year",
    "goalkeeper_year_end",
    "goalkeeper_complete_year",
    "goalkeeper_carry_to_years",
    "goalkeeper_health",
    "goalkeeper_wake_courier",
    "goalkeeper_say",
    "goalkeeper_announce_goals",
    "goalkeeper_announce_entries",
    "goalkeeper_announce_achievements",
    "goalkeeper_deadline_day",
    "goalkeeper_forget_events",
    "goalkeeper_count_people",
    "goalkeeper_rep_today",
    "goalkeeper_note_absence",
    "goalkeeper_come_back",
    "goalkeeper_end_tokens",
    "goalkeeper_fill_stint",
    "goalkeeper_check_stints",
    "goalkeeper_check_memberships",
    "goalkeeper_derive_reps",
    "goalkeeper_archive_months",
    "goalkeeper_resume_months",
    "goalkeeper_join_today",
    "goalkeeper_begin_stints",
    "goalkeeper_follow_reps",
    "goalkeeper_fill_reminder",
    "goalkeeper_stamp_reminder",
    "goalkeeper_hold_currency",
    "goalkeeper_recognise_streaks",
    "goalkeeper_recognise_months",
    "goalkeeper_recognise_years",
    "goalkeeper_follow_month",
    "goalkeeper_follow_year",
    "goalkeeper_fill_achievement",
    "goalkeeper_keep_frozen",
    "goalkeeper_reopen_month",
    "goalkeeper_reopen_year",
    "goalkeeper_reopen_year_of_month",
    # They write the tables of s07; a function's text is looked at when it first runs.
    "goalkeeper_give_metrics",
    "goalkeeper_record_actuals",
    "goalkeeper_open_actuals",
)
_TRIGGERS = (
    "workspaces",
    "users",
    "teams",
    "sales_reps",
    "rep_stints",
    "team_memberships",
    "settings_changes",
    "bonus_tiers",
    "rep_monthly_goals",
    "rep_yearly_goals",
    "goal_changes",
    "goal_deadline_reminders",
    "outbox",
)
"""Tables with triggers."""
_VIEWS = (
    "active_people",
    "current_stints",
    "current_memberships",
    "active_reps",
    "current_teams",
    "team_leaders",
    "leads",
    "reps_today",
    "tier_tables",
    "rep_tiers",
    "v_current_month_goals",
    "v_yearly_goals_summary",
    "v_goals_needing_setup",
    "month_awards",
    "year_awards",
)


def upgrade() -> None:
    """Make them, each after those that it names."""
    objects.run("functions", *_FUNCTIONS)
    objects.run("triggers", *_TRIGGERS)
    objects.run("views", *_VIEWS)


def downgrade() -> None:
    """Drop them."""
    objects.drop("VIEW", _VIEWS)
    objects.drop("FUNCTION", _FUNCTIONS)
