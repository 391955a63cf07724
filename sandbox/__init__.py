"""A local Slack: speaks Slack's HTTP protocol with the bot, has a page for people, serves every test."""

from sandbox.alone import environment, serve_alone
from sandbox.clock import ClockControl, ClockReading, ClockRefused, NextDue
from sandbox.interactions import Answer, Submission
from sandbox.link import SocketProtocol
from sandbox.manifest import Command, Manifest, Shortcut
from sandbox.model import Channel, File, Message, User, Workspace
from sandbox.person import Person
from sandbox.sample import SAMPLE_ROSTER, SAMPLE_TEAMS, sample_roster_csv, sample_workspace
from sandbox.sandbox import Sandbox
from sandbox.server import SandboxServer, Server
from sandbox.web import create_app
from sandbox.written import Written

__all__ = [
    "SAMPLE_ROSTER",
    "SAMPLE_TEAMS",
    "Answer",
    "Channel",
    "ClockControl",
    "ClockReading",
    "ClockRefused",
    "Command",
    "File",
    "Manifest",
    "Message",
    "NextDue",
    "Person",
    "Sandbox",
    "SandboxServer",
    "Server",
    "Shortcut",
    "SocketProtocol",
    "Submission",
    "User",
    "Workspace",
    "Written",
    "create_app",
    "environment",
    "sample_roster_csv",
    "sample_workspace",
    "serve_alone",
]
