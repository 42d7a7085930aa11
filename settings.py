"""Every setting of the program, with its harmless default. Read once, by the top floor and by `models/work.py`."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings come from the environment (prefix BAGALAU_) or from a file `.env` in the working folder."""

    model_config = SettingsConfigDict(env_prefix="BAGALAU_", env_file=".env", extra="ignore")

    data: Path = Field(default=Path("var"), description="Folder for everything the program writes.")
    database_url: str = Field(
        default="", description="SQLAlchemy address; empty means the embedded SQLite file in the data folder."
    )
    mode: Literal["simulate", "pilot", "live"] = Field(
        default="simulate",
        description="How notices leave: `simulate` writes files under the data folder and nothing leaves; `pilot` writes to the"
        " guests of the file of carriers only, for everybody else it simulates; `live` writes to everybody.",
    )
    carriers: Path | None = Field(
        default=None, description="The file of carriers: who sends the e-mail and short messages of each body, and how."
    )
    secrets_folder: Path | None = Field(
        default=None, description="Where the carriers' secrets lie, one file each; else BAGALAU_SECRET_<NAME> is read."
    )
    callbacks_days_kept: int = Field(
        default=90,
        ge=1,
        description="How many days the raw words of carriers are kept; what they prove is kept for ever.",
    )
    organisation: Path = Field(
        default=Path("examples/nchr/organisation.yaml"), description="The body's own configuration file."
    )

    prefect_days_kept: int = Field(
        default=7,
        ge=1,
        description="How many days the Prefect server that `bagalau up` starts remembers runs that are over.",
    )
    checkpoints_folder: Path | None = Field(
        default=None,
        description="Where signed checkpoints go; in production a place the database's owner cannot write.",
    )
    keys_folder: Path | None = Field(
        default=None, description="Where the signing key lies; in production a place the database's owner cannot read."
    )

    @property
    def url(self) -> str:
        """The database address in use."""
        return self.database_url or f"sqlite:///{(self.data / 'bagalau.db').absolute()}"

    @property
    def outbox(self) -> Path:
        """Where simulated notices are written."""
        return self.data / "outbox"

    @property
    def checkpoints(self) -> Path:
        """Where signed journal checkpoints are written."""
        return self.checkpoints_folder or self.data / "checkpoints"

    @property
    def keys(self) -> Path:
        """Where the checkpoint signing key lies."""
        return self.keys_folder or self.data / "keys"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings, read once per process."""
    return Settings()
