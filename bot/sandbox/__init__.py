"""A local Slack: speaks Slack's HTTP protocol with the bot, has a page for people, serves every test."""

from bot.sandbox.alone import environment, serve_alone
from bot.sandbox.clock import ClockControl, ClockReading, ClockRefused, NextDue
from bot.sandbox.interactions import Answer, Submission
from bot.sandbox.link import SocketProtocol
from bot.sandbox.model import Channel, Message, User, Workspace
from bot.sandbox.person import Person
from bot.sandbox.sample import SAMPLE_ROSTER, SAMPLE_TEAMS, sample_roster_csv, sample_workspace
from bot.sandbox.sandbox import Command, Sandbox
from bot.sandbox.server import SandboxServer, Server
from bot.sandbox.web import create_app

__all__ = [
    "SAMPLE_ROSTER",
    "SAMPLE_TEAMS",
    "Answer",
    "Channel",
    "ClockControl",
    "ClockReading",
    "ClockRefused",
    "Command",
    "Message",
    "NextDue",
    "Person",
    "Sandbox",
    "SandboxServer",
    "Server",
    "SocketProtocol",
    "Submission",
    "User",
    "Workspace",
    "create_app",
    "environment",
    "sample_roster_csv",
    "sample_workspace",
    "serve_alone",
]
