"""The running bot in the sample workspace, in which people come and go and channels close."""

import pytest

from tests.slack.conftest import Served
from tests.slack.conftest import _northwind as _northwind
from tests.slack.conftest import _served as _served
from tests.slack.conftest import adaeze as adaeze
from tests.slack.conftest import ana as ana
from tests.slack.conftest import bot as bot
from tests.slack.conftest import clock as clock
from tests.slack.conftest import database_url as database_url
from tests.slack.conftest import marisol as marisol
from tests.slack.conftest import sandbox as sandbox
from tests.slack.conftest import told as told
from tests.slack.test_database_away import away as away


@pytest.fixture
def served(_served: Served) -> Served:
    """What the bot is started with again."""
    return _served
