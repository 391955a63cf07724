"""The form of `/goals set`: what it shows, what it takes, what it refuses."""

from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told
from tests.slack.reading import Form

CHANGES = "SELECT count(*) FROM goal_changes"


async def test_the_form_shows_what_there_is_and_until_when(ana: Person) -> None:
    answer = await ana.types("/goals set")
    assert answer.messages == []
    form = Form.of(ana)
    assert form.view["title"]["text"] == "Set goals"
    assert form.view["submit"]["text"] == "Save"
    assert form.fields == {
        "Goals for": "February 2026",
        "Signups": "20",
        "Revenue (USD)": None,
        "Bonus tier to aim at": "No tier",
    }
    assert form.lines == ["Not set yet. The deadline is Fri, Feb 6, 11:59 PM."]
    assert form.choices("Goals for") == ["February 2026", "The year 2026"]
    assert not form.view["blocks"][-1].get("optional")
    assert form.choices("Bonus tier to aim at") == [
        "No tier",
        "Tier 1: 15 signups",
        "Tier 2: 20 signups",
        "Tier 3: 25 signups",
        "Tier 4: 30 signups",
        "Tier 5: 40 signups",
        "Tier 6: 50 signups",
    ]


async def test_tiers_show_what_they_pay(ana: Person, sql: Sql) -> None:
    await sql("UPDATE bonus_tiers SET amount = 1250.50 WHERE tier = 6")
    await ana.types("/goals set")
    assert Form.of(ana).choices("Bonus tier to aim at")[-1] == "Tier 6: 50 signups, $1,250.50"


async def test_what_is_filled_in_is_saved_and_confirmed(ana: Person, told: Told, sql: Sql) -> None:
    await ana.types("/goals set")
    submission = await ana.submits({"signup_goal": 25, "revenue_goal": "$1.2m", "bonus_tier_goal": "4"})
    assert (submission.closed, submission.errors, submission.messages) == (True, {}, [])
    (confirmation,) = await told(ana)
    assert confirmation.text == (
        "✅ *February goals set:* 25 signups · $1,200,000 · tier 4\n"
        "Set in time. You can change them until Fri, Feb 6, 11:59 PM."
    )
    [row] = await sql("SELECT door, reason, from_signup_goal, to_signup_goal FROM goal_changes")
    assert tuple(row) == ("form", None, None, 25)


async def test_looking_at_the_form_opens_nothing(ana: Person, sql: Sql) -> None:
    await ana.types("/goals set")
    await ana.closes()
    assert await sql.value("SELECT count(*) FROM rep_monthly_goals") == 0


async def test_saving_what_is_prefilled_sets_the_goals(ana: Person, told: Told) -> None:
    await ana.types("/goals set")
    assert (await ana.submits()).closed
    assert "20 signups\n" in (await told(ana))[0].text


async def test_the_button_of_the_confirmation_changes_the_goals_in_place(ana: Person, told: Told) -> None:
    await ana.types("/goals set")
    await ana.submits({"revenue_goal": "50,000"})
    (confirmation,) = await told(ana)

    await ana.presses("goals.set.open", confirmation)
    form = Form.of(ana)
    assert (form.fields["Signups"], form.fields["Revenue (USD)"]) == ("20", "50,000")
    assert form.lines == ["Set in time. Changes are possible until Fri, Feb 6, 11:59 PM."]
    await ana.submits({"signup_goal": 30, "bonus_tier_goal": "5"})

    (edited,) = await told(ana)
    assert edited.ts == confirmation.ts
    assert edited.text.splitlines() == [
        "✅ *February goals set:* 30 signups · $50,000 · tier 5",
        "Set in time. You can change them until Fri, Feb 6, 11:59 PM.",
        "Before: 20 signups · $50,000.",
    ]


async def test_saving_again_without_a_change_says_nothing(
    ana: Person, told: Told, sandbox: Sandbox, sql: Sql
) -> None:
    for _ in range(2):
        await ana.types("/goals set")
        assert (await ana.submits()).closed
        await told(ana)
    assert await sql.value(CHANGES) == 1
    assert sandbox.calls_to("chat.update") == []


async def test_emptied_fields_are_zero(ana: Person, told: Told) -> None:
    await ana.types("/goals set 20 50k 3")
    await ana.types("/goals set")
    await ana.submits({"signup_goal": None, "bonus_tier_goal": "0"})
    (message,) = await told(ana)
    assert message.text.startswith("✅ *February goals set:* $50,000\n")


async def test_the_menu_shows_the_figures_of_what_is_chosen(ana: Person, clock: Clock, told: Told) -> None:
    await clock.at(2026, 2, 25, 9)
    await ana.types("/goals set yearly 300 1m")
    await ana.types("/goals set")
    assert Form.of(ana).choices("Goals for") == ["February 2026", "March 2026", "The year 2026"]
    assert Form.of(ana).lines == [
        "Not set, and the deadline was Fri, Feb 6, 11:59 PM: it will count as late, "
        "and be locked once it is saved."
    ]

    await ana.chooses("goals.set.choose", "2026-03")
    form = Form.of(ana)
    assert form.fields["Goals for"] == "March 2026"
    assert form.lines == ["Not set yet. The deadline is Fri, Mar 6, 11:59 PM."]

    await ana.chooses("goals.set.choose", "2026")
    form = Form.of(ana)
    assert form.fields == {"Goals for": "The year 2026", "Signups": "300", "Revenue (USD)": "1,000,000"}
    assert form.lines == []
    await ana.submits({"signup_goal": 360})
    (year,) = await told(ana)
    assert year.text.startswith("✅ *2026 goals set:* 360 signups · $1,000,000\n")


async def test_next_year_can_be_set_with_its_january(ana: Person, clock: Clock, told: Told) -> None:
    await clock.at(2026, 12, 25, 9)
    await ana.types("/goals set next")
    form = Form.of(ana)
    assert form.fields["Goals for"] == "January 2027"
    assert form.choices("Goals for") == ["December 2026", "January 2027", "The year 2026", "The year 2027"]
    await ana.submits({"signup_goal": 10})
    (message,) = await told(ana)
    assert message.text.startswith("✅ *January goals set:* 10 signups\n")


async def test_the_form_takes_last_month_s_goals_where_there_is_no_default(
    ana: Person, clock: Clock, sql: Sql
) -> None:
    await ana.types("/goals set 33 44k 2")
    await sql("UPDATE sales_reps SET monthly_signup_goal = NULL")
    await clock.at(2026, 3, 1, 0)
    await ana.types("/goals set")
    assert list(Form.of(ana).fields.values()) == ["March 2026", "33", "44,000", "Tier 2: 20 signups"]


async def test_every_mistake_stands_beside_its_field_and_what_was_typed_stays(ana: Person, sql: Sql) -> None:
    await ana.types("/goals set")
    submission = await ana.submits({"signup_goal": 100_001, "revenue_goal": "a lot"})
    assert submission.errors == {
        "signup_goal:2026-02": "Signups go from 0 to 100,000.",
        "revenue_goal:2026-02": "Revenue is an amount, like 50,000 or 50k: “a lot” is not.",
    }
    fields = Form.of(ana).fields
    assert (fields["Signups"], fields["Revenue (USD)"]) == ("100001", "a lot")
    assert await sql.value(CHANGES) == 0
    assert (await ana.submits({"signup_goal": 100_000, "revenue_goal": "9,999,999,999.99"})).closed


async def test_each_figure_has_its_own_sentence(ana: Person, sql: Sql) -> None:
    await ana.types("/goals set")
    for field, typed, said in [
        ("signup_goal", -1, "Signups go from 0 to 100,000."),
        ("revenue_goal", "-5", "Revenue goes from 0 to 9,999,999,999.99."),
        ("revenue_goal", "10b", "Revenue goes from 0 to 9,999,999,999.99."),
        ("revenue_goal", "1.0055", "Revenue has two decimals at most."),
        ("revenue_goal", "50,00", "Revenue is an amount, like 50,000 or 50k: “50,00” is not."),
        ("revenue_goal", "<!channel>", "Revenue is an amount, like 50,000 or 50k: “<!channel>” is not."),
        ("revenue_goal", "1e999999", "Revenue is an amount, like 50,000 or 50k: “1e999999” is not."),
    ]:
        submission = await ana.submits({"signup_goal": 20, "revenue_goal": None, field: typed})
        assert submission.errors == {f"{field}:2026-02": said}
    nothing = await ana.submits({"signup_goal": 0, "revenue_goal": None})
    assert nothing.errors == {"signup_goal:2026-02": "Set a goal above zero for signups, revenue or both."}
    assert await sql.value(CHANGES) == 0


async def test_a_form_left_open_past_the_deadline_is_judged_when_it_is_saved(
    ana: Person, clock: Clock, told: Told
) -> None:
    await ana.types("/goals set")
    await clock.at(2026, 2, 7, 0)
    assert (await ana.submits()).closed
    assert "Set late: the deadline was Fri, Feb 6, 11:59 PM." in (await told(ana))[0].text


async def test_a_form_left_open_until_the_goal_is_locked_says_so(ana: Person, clock: Clock, sql: Sql) -> None:
    await ana.types("/goals set 20")
    await ana.types("/goals set")
    await clock.at(2026, 2, 7, 0)
    submission = await ana.submits({"signup_goal": 30})
    assert submission.errors == {
        "goal": "Your goals for February 2026 are set, and locked since the deadline. "
        "Ask Marisol Peña, who can change them. You can still set the year 2026 with /goals set yearly."
    }
    assert await sql.value(CHANGES) == 1


async def test_a_form_left_open_until_the_month_is_over_says_so(ana: Person, clock: Clock, sql: Sql) -> None:
    await ana.types("/goals set")
    await clock.at(2026, 3, 1, 0)
    submission = await ana.submits()
    assert submission.errors == {
        "goal": "February 2026 is over, and its goals with it. /goals set is about this month."
    }
    assert await sql.value(CHANGES) == 0


async def test_a_choice_that_cannot_be_had_is_refused_in_the_form(
    ana: Person, clock: Clock, sandbox: Sandbox
) -> None:
    await ana.types("/goals set 20")
    await clock.at(2026, 2, 25, 9)
    await ana.types("/goals set next")
    await ana.chooses("goals.set.choose", "2026-02")
    locked = (
        "Your goals for February 2026 are set, and locked since the deadline. "
        "Ask Marisol Peña, who can change them. "
        "You can still set March 2026 with /goals set next, and the year 2026 with /goals set yearly."
    )
    await sandbox.wait_for(lambda: locked in Form.of(ana).lines)
    submission = await ana.submits({"signup_goal": 21})
    assert submission.errors == {"goal": locked}
    await ana.chooses("goals.set.choose", "2026")
    assert locked not in Form.of(ana).lines


async def test_when_this_month_is_locked_and_the_next_is_open_the_form_is_for_that(
    ana: Person, clock: Clock, told: Told
) -> None:
    await ana.types("/goals set 20")
    await clock.at(2026, 2, 25, 9)
    await ana.types("/goals set")
    assert Form.of(ana).fields["Goals for"] == "March 2026"
    assert Form.of(ana).lines == [
        "Your February goals are locked since the deadline. This is the form for March.",
        "Not set yet. The deadline is Fri, Mar 6, 11:59 PM.",
    ]
    assert (await ana.submits({"signup_goal": 25})).closed
    assert (await told(ana))[-1].text.startswith("✅ *March goals set:* 25 signups")


async def test_the_button_of_a_locked_month_says_whom_to_ask(ana: Person, clock: Clock, told: Told) -> None:
    await ana.types("/goals set 20")
    (confirmation,) = await told(ana)
    await clock.at(2026, 2, 10, 9)
    assert (await _answer(ana, confirmation)).endswith(
        "Ask Marisol Peña, who can change them. You can still set the year 2026 with /goals set yearly."
    )


async def test_the_button_of_last_month_says_that_it_is_over(ana: Person, clock: Clock, told: Told) -> None:
    await ana.types("/goals set 20")
    (confirmation,) = await told(ana)
    await clock.at(2026, 4, 10, 9)
    assert await _answer(ana, confirmation) == (
        "February 2026 is over, and its goals with it. /goals set is about this month."
    )
    assert ana.view is None
    assert confirmation in await told(ana)


async def _answer(person: Person, message: object) -> str:
    sandbox: Sandbox = person._sandbox
    answer = await person.presses("goals.set.open", message)  # type: ignore[arg-type]
    assert answer.error is None
    await sandbox.wait_for(lambda: answer.messages)
    return answer.text
