"""The one typed description of the settings and the only reader of the environment (variables `KOUBO_…`)."""

import base64
import binascii
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from click import ClickException
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Environment(StrEnum):
    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class UnsafeSettings(ClickException):
    """A start was refused; the message lists every reason, one a line."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KOUBO_", extra="ignore")

    environment: Environment = Environment.PRODUCTION
    debug: bool = False
    secret_key: SecretStr = SecretStr("")
    encryption_keys: Annotated[list[SecretStr], NoDecode] = []  # "id:key" each; the current one first
    database_url: str = ""
    migration_database_url: str = ""  # PostgreSQL: the owner's; the application's role owns nothing
    data_dir: Path = Path("var")
    base_url: str = ""  # https://… without a slash at the end, as people see it
    trusted_proxies: int = 0  # how many of our own proxies set X-Forwarded-*
    secure_cookies: bool = True
    mail_server: str = ""
    mail_port: int = 587
    mail_use_tls: bool = True
    mail_use_ssl: bool = False
    mail_username: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_sender: str = ""
    security_contact: str = ""  # mailto:… or https://…, for /.well-known/security.txt; empty: no such page
    mail_catcher_dir: Path | None = None  # demo only: where the loopback catcher writes
    max_request_bytes: int = 32 * 1024 * 1024
    max_file_bytes: int = 10 * 1024 * 1024
    max_application_bytes: int = 30 * 1024 * 1024
    max_file_pages: int = 50
    max_applicant_bytes: int = 300 * 1024 * 1024  # all files of one person, of drafts and sent
    min_free_bytes: int = 1024 * 1024 * 1024  # with less room on the disk of the files, no file is taken
    clamav: str = ""  # host:port or the path of a socket of clamd; empty: files are not scanned
    connections_per_address: int = Field(default=500, ge=0)  # of each process; behind trusted proxies none
    address_limit_scale: int = Field(default=1, ge=1)  # multiplies the limits per network address (large NATs)

    def __init__(self, **values: object) -> None:
        """Read the settings.

        Raises: UnsafeSettings for values that are none, each named without being shown.
        """
        try:
            super().__init__(**values)  # type: ignore[arg-type]  # pydantic's own signature is wider
        except ValidationError as error:
            reasons = [f"KOUBO_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors()]
            raise UnsafeSettings("the settings are refused:\n" + "\n".join(reasons)) from None

    @field_validator("encryption_keys", mode="before")
    @classmethod
    def _split_keys(cls, given: object) -> object:
        return given.replace(",", " ").split() if isinstance(given, str) else given

    @field_validator("clamav")
    @classmethod
    def _names_a_scanner(cls, given: str) -> str:
        host, _colon, port = given.rpartition(":")
        if given and not given.startswith("/") and not (host and port.isascii() and port.isdecimal()):
            raise ValueError("is neither host:port nor the path of a socket")
        return given

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def sqlalchemy_url(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'koubo.sqlite').resolve()}"

    @property
    def is_demo(self) -> bool:
        return self.environment is Environment.DEMO


def _key_problems(settings: Settings) -> list[str]:
    """What is wrong with the keys, by their places; a key itself is never shown."""
    keys = [key.get_secret_value() for key in settings.encryption_keys]
    problems = [
        f"KOUBO_ENCRYPTION_KEYS: entry {place} is not id:key with a key of bin/flask new-encryption-key"
        for place, key in enumerate(keys, 1)
        if not _is_key(key)
    ]
    if len({key.partition(":")[0] for key in keys}) < len(keys):
        problems.append("KOUBO_ENCRYPTION_KEYS: two keys have the same id")
    return problems


def _is_key(text: str) -> bool:
    key_id, _colon, key = text.partition(":")
    try:
        return bool(key_id) and len(base64.b64decode(key.encode(), b"-_", validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _mail_problems(settings: Settings) -> list[str]:
    problems = []
    if not settings.mail_server:
        problems.append("KOUBO_MAIL_SERVER: no mail server is named")
    if "@" not in settings.mail_sender:
        problems.append("KOUBO_MAIL_SENDER: no sender address")
    if settings.mail_catcher_dir is not None:
        problems.append("KOUBO_MAIL_CATCHER_DIR: a mail catcher belongs to the demo")
    if not (settings.mail_use_tls or settings.mail_use_ssl):
        problems.append("KOUBO_MAIL_USE_TLS / KOUBO_MAIL_USE_SSL: mail must leave encrypted")
    return problems


def _folder_problems(settings: Settings) -> list[str]:
    folder = settings.files_dir
    if folder.exists() and folder.stat().st_mode & 0o007:
        return [f"KOUBO_DATA_DIR: {folder} can be read by everybody; chmod 700 it"]
    return []


def unsafe_reasons(settings: Settings) -> list[str]:
    """List why these settings must not serve real people (reliability X2); of the demo and the tests, the keys only."""
    problems = _key_problems(settings)
    if settings.environment is not Environment.PRODUCTION:
        return problems
    if settings.debug:
        problems.append("KOUBO_DEBUG: debug is on")
    if len(settings.secret_key.get_secret_value()) < 32:
        problems.append("KOUBO_SECRET_KEY: needs 32 random characters or more")
    if not settings.encryption_keys:
        problems.append("KOUBO_ENCRYPTION_KEYS: no key for second-factor secrets (bin/flask new-encryption-key)")
    if not settings.secure_cookies:
        problems.append("KOUBO_SECURE_COOKIES: cookies would travel over plain http")
    if not settings.base_url.startswith("https://"):
        problems.append("KOUBO_BASE_URL: must begin with https://")
    if settings.security_contact and not settings.security_contact.startswith(("mailto:", "https://")):
        problems.append("KOUBO_SECURITY_CONTACT: must begin with mailto: or https://")
    return problems + _mail_problems(settings) + _folder_problems(settings)


def require_safe(settings: Settings) -> None:
    """Refuse an unsafe production start, and keys that are none anywhere.

    Raises: UnsafeSettings with every reason.
    """
    if problems := unsafe_reasons(settings):
        raise UnsafeSettings(f"the {settings.environment} start is refused:\n" + "\n".join(problems))
