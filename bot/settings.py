"""What can be set from the environment: one typed class, and errors that name the variable."""

from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

SLACK_API_URL = "https://slack.com/api/"


class LogLevel(StrEnum):
    """The level of logging."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class Settings(BaseSettings):
    """Every variable Goalkeeper reads, under its own name; none is needed to try it.

    The descriptions are shown to people whose value isn't valid. Secrets show neither in the repr nor
    in an error.
    """

    model_config = SettingsConfigDict(
        case_sensitive=False, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: SecretStr | None = Field(
        default=None, description="an address such as postgresql://user:password@host:5432/goalkeeper"
    )
    slack_bot_token: SecretStr | None = Field(
        default=None,
        description='the "Bot User OAuth Token" of your Slack app (OAuth & Permissions), starting xoxb-',
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description='the "Signing Secret" of your Slack app (Basic Information)'
    )
    slack_app_token: SecretStr | None = Field(
        default=None,
        description="an app-level token with connections:write (Basic Information), starting xapp-",
    )
    slack_api_url: str = Field(
        default=SLACK_API_URL, description=f"the http(s) address of Slack's Web API, usually {SLACK_API_URL}"
    )
    goalkeeper_data_dir: Path = Field(
        default_factory=lambda: user_data_path("goalkeeper", appauthor=False),
        description="a folder for the embedded database",
    )
    goalkeeper_rehearsal: bool = Field(default=False, description="1 or 0")
    host: str = Field(
        default="127.0.0.1", min_length=1, description="an address to listen on, such as 127.0.0.1"
    )
    port: int = Field(default=8000, ge=0, le=65535, description="a port to listen on, 0 (any) to 65535")
    log_format: Literal["text", "json"] = Field(default="text", description="text (for people) or json")
    log_level: LogLevel = Field(default=LogLevel.INFO, description=f"one of {', '.join(LogLevel)}")

    @classmethod
    def load(cls) -> Self:
        """Read the environment; raises `SettingsError` for all of its mistakes at once."""
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError(error) from None

    @property
    def sandboxed(self) -> bool:
        """True if Goalkeeper brings its own Slack, because no token was given."""
        return self.slack_bot_token is None

    @property
    def rehearsal(self) -> bool:
        """True if the business clock may be moved: in a rehearsal or the sandbox."""
        return self.goalkeeper_rehearsal or self.sandboxed

    @property
    def database_dir(self) -> Path:
        """The embedded database's folder; the sandbox has its own, with sample team and moved clock."""
        return self.goalkeeper_data_dir / "sandbox" if self.sandboxed else self.goalkeeper_data_dir

    @property
    def socket_mode(self) -> bool:
        """True if Goalkeeper connects to Slack over a websocket."""
        return self.slack_app_token is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that was given, so that the log can leave it out."""
        given = (self.slack_bot_token, self.slack_signing_secret, self.slack_app_token)
        return tuple(secret.get_secret_value() for secret in given if secret)

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not url.get_secret_value().startswith(
            ("postgres://", "postgresql://", "postgresql+psycopg://")
        ):
            raise ValueError
        return url

    @field_validator("slack_bot_token")
    @classmethod
    def _is_bot_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not token.get_secret_value().startswith(("xoxb-", "xoxe.xoxb-")):
            raise ValueError
        return token

    @field_validator("slack_app_token")
    @classmethod
    def _is_app_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not token.get_secret_value().startswith("xapp-"):
            raise ValueError
        return token

    @field_validator("slack_api_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError
        return url.rstrip("/") + "/"

    @field_validator("goalkeeper_data_dir")
    @classmethod
    def _is_absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @field_validator("log_format", mode="before")
    @classmethod
    def _in_lower_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_upper_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _whole_way_to_slack(self) -> Self:
        if self.slack_bot_token is None:
            if self.slack_signing_secret or self.slack_app_token:
                raise ValueError(
                    "SLACK_BOT_TOKEN is missing. Set it, "
                    "or unset SLACK_SIGNING_SECRET and SLACK_APP_TOKEN to use the sandbox."
                )
        elif self.slack_signing_secret is None and self.slack_app_token is None:
            raise ValueError(
                "SLACK_BOT_TOKEN alone is half a way to Slack. "
                "Set SLACK_SIGNING_SECRET too (Slack calls over HTTP) or SLACK_APP_TOKEN (Socket Mode)."
            )
        return self


class SettingsError(Exception):
    """Variables of the environment aren't valid; one line for each, without secrets."""

    def __init__(self, error: ValidationError) -> None:
        self.problems = tuple(_problem(each) for each in error.errors(include_input=False, include_url=False))
        super().__init__("\n".join(self.problems))


def _problem(error: ErrorDetails) -> str:
    if error["loc"]:
        field = str(error["loc"][0])
        return f"{field.upper()} should be {Settings.model_fields[field].description}."
    return error["msg"].removeprefix("Value error, ")
