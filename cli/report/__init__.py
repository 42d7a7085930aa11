"""The report of a cycle: one HTML file that opens from disk, in light and dark, and prints on A4.

It holds counts, days and points of the act; results are confidential (N-23), so nobody's name is in it.
"""

from cli.report.gathering import gather
from cli.report.page import write_report
from cli.report.story import Story

__all__ = ["Story", "gather", "write_report"]
