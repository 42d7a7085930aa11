"""What a reader of the PDF sees: its text in one line, its pages."""

import io
import re

import pypdf


def pages(document: bytes) -> list[str]:
    """The text of each page, line ends and spaces as one space, hyphens of the line end taken out."""
    read = pypdf.PdfReader(io.BytesIO(document)).pages
    return [_one_line(page.extract_text()) for page in read]


def text(document: bytes) -> str:
    """The text of the whole document in one line."""
    return " ".join(pages(document))


def _one_line(extracted: str) -> str:
    joined = re.sub(r"(?<=\w)-\n", "-", re.sub("\u00ad+\\s*", "", extracted))
    return re.sub(r"\s+", " ", joined)
