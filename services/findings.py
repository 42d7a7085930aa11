"""What is wrong with a file: every finding with its place, so that one reading is enough to correct it."""

from __future__ import annotations

from dataclasses import dataclass, field

from rules.errors import BadFile

PRINTED = 50
KEPT = 1_000


@dataclass
class Findings:
    """The findings of one file; `questions` are accepted, but somebody should look at them.

    Attributes:
        file: the name of the file.
        count: all findings; at most KEPT of them are kept as sentences.
    """

    file: str
    count: int = 0
    kept: list[tuple[int, str]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def add(self, row: int, column: str, sentence: str) -> None:
        """Note a finding; row 0 is the file as a whole."""
        self.count += 1
        if len(self.kept) < KEPT:
            self.kept.append((row, _place(row, column) + _closed(sentence)))

    def ask(self, row: int, column: str, sentence: str) -> None:
        """Note something that is accepted, but looks odd."""
        if len(self.questions) < KEPT:
            self.questions.append(_place(row, column) + _closed(sentence))

    def refuse(self) -> None:
        """Refuse the file if anything was found.

        Raises:
            BadFile: with the findings in the order of the file.
        """
        if not self.count:
            return
        found = "one finding" if self.count == 1 else f"{self.count} findings"
        sentences = [sentence for _, sentence in sorted(self.kept, key=lambda kept: kept[0])]
        if self.count > KEPT:
            sentences.append(f"{self.count - KEPT} further findings were counted and not kept.")
        raise BadFile(
            f"{self.file} was refused, {found}; nothing was imported. Correct the file and import it again.",
            tuple(sentences),
        )


def printed(trouble: BadFile) -> list[str]:
    """The lines to show: the first 50 findings and how many more there are."""
    problems = trouble.problems
    more = [f"... and {len(problems) - PRINTED} more."] if len(problems) > PRINTED else []
    return [*problems[:PRINTED], *more]


def _place(row: int, column: str) -> str:
    if not row:
        return ""
    return f"row {row}, column {column}: " if column else f"row {row}: "


def _closed(sentence: str) -> str:
    return sentence if sentence.endswith("?") else sentence + "."
