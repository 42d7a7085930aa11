"""One official wording in the three languages of the program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """One official wording in Kazakh, with its Russian and English renderings."""

    kk: str
    ru: str
    en: str

    def as_dict(self) -> dict[str, str]:
        """The three wordings by language code."""
        return {"kk": self.kk, "ru": self.ru, "en": self.en}
