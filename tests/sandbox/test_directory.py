import csv
import io

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import SAMPLE_ROSTER, Sandbox, User, sample_roster_csv
from tests.sandbox.conftest import Moment

ANA = "U0ANA000001"


async def test_people_come_in_pages(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    stranger = User("U0STRANGER1", "kit", "Kit Moreau", is_stranger=True, team_id="T0BLUEFIN01")
    sandbox.slack.workspace.users[stranger.id] = stranger
    found: list[str] = []
    async for answer in await slack.users_list(limit=4):
        found += [one["id"] for one in answer["members"]]
    assert found == [one for one in sandbox.slack.workspace.users if one != stranger.id]
    user = (await slack.users_info(user=stranger.id))["user"]
    assert (user["team_id"], user["is_stranger"]) == ("T0BLUEFIN01", True)


async def test_who_somebody_is(sandbox: Sandbox, slack: AsyncWebClient, moment: Moment) -> None:
    admin = (await slack.users_info(user="U0ADAEZE001", include_locale=True))["user"]
    assert (admin["is_admin"], admin["is_primary_owner"], admin["locale"]) == (True, True, "en-US")
    priya = (await slack.users_lookupByEmail(email="Priya@northwind.example"))["user"]
    assert (priya["tz"], priya["tz_offset"]) == ("Asia/Kolkata", 19_800)
    guest = (await slack.users_info(user="U0GUEST0001"))["user"]
    assert guest["is_restricted"]
    sandbox.slack.workspace.scopes.remove("users:read.email")
    assert "email" not in (await slack.users_info(user=ANA))["user"]["profile"]
    sandbox.person("Ana Souza").user.deleted = True
    gone = (await slack.users_info(user=ANA))["user"]
    assert gone["deleted"]
    assert "tz" not in gone
    with pytest.raises(LookupError):
        await sandbox.person("Ana Souza").types("/goals")


async def test_channels(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    west = sandbox.slack.directory.channel("#team-west")
    west.is_private = True
    sandbox.slack.directory.channel("#team-east").is_archived = True
    listed = await slack.conversations_list(types="public_channel,private_channel", exclude_archived=True)
    assert [one["name"] for one in listed["channels"]] == ["northwind", "team-west"]
    assert (await slack.conversations_info(channel=west.id))["channel"]["is_member"]
    first = await slack.conversations_members(channel=west.id, limit=3)
    assert len(first["members"]) == 3
    assert first["response_metadata"]["next_cursor"]
    west.members.remove(sandbox.slack.workspace.bot_user_id)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await slack.conversations_info(channel=west.id)
    with pytest.raises(SlackApiError, match="invalid_cursor"):
        await slack.conversations_list(cursor="?")


async def test_a_dm_is_opened_once(slack: AsyncWebClient) -> None:
    first = await slack.conversations_open(users=ANA, return_im=True)
    again = await slack.conversations_open(users=ANA)
    assert first["channel"]["user"] == ANA
    assert (again["channel"]["id"], again["already_open"]) == (first["channel"]["id"], True)
    assert (await slack.team_info())["team"]["name"] == "Northwind Sales"


def test_the_roster_can_be_written_out() -> None:
    rows = list(csv.DictReader(io.StringIO(sample_roster_csv().decode())))
    assert [row["slack_id"] for row in rows] == [member.slack_id for member in SAMPLE_ROSTER]
    assert rows[3]["team"] == "West"
    assert rows[1]["role"] == ""
    assert len({row["time_zone"] for row in rows}) == 5
