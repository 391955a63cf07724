"""A manifest for the tests, with everything that an app can have switched on."""

from typing import Any

LOG_THIS = "goals.log_this"
WAVE = "goals.wave"
SCOPES = ("commands", "chat:write", "im:write", "im:history", "files:write", "files:read")


def manifest(*, events: tuple[str, ...] = ("message.im",), scopes: tuple[str, ...] = (), **home: Any) -> Any:
    """Return an app's manifest; `home` overrides what its `app_home` says."""
    return {
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
                **home,
            },
            "slash_commands": [{"command": "/goals", "description": "Set your goals"}],
            "shortcuts": [
                {"type": "message", "name": "Log this", "callback_id": LOG_THIS, "description": "As a note"},
                {"type": "global", "name": "Wave", "callback_id": WAVE, "description": "To everybody"},
            ],
        },
        "oauth_config": {
            "scopes": {
                "bot": [*SCOPES, *scopes],
                "bot_optional": ["files:read"],
            }
        },
        "settings": {"event_subscriptions": {"bot_events": [*events, "app_home_opened"]}},
    }
