"""Who is told what? `make_report` makes a Report, in which small groups are held back.

`make_outlook_report` makes one of what may come.

Clauses F-1, K-2, M-13, X-1 and X-3. The parties see aggregates; one employee sees their own.
"""

from kompetanse_core.report.foretelling import make_outlook_report
from kompetanse_core.report.making import make_report
from kompetanse_core.report.page import (
    WITHHELD,
    Bar,
    Block,
    Cell,
    Chart,
    ChartForm,
    Curve,
    Grid,
    Paragraph,
    Points,
    Report,
    Section,
)
from kompetanse_core.report.processing import privacy_assessment, processing_register
from kompetanse_core.report.readings import readings_about

__all__ = [
    "WITHHELD",
    "Bar",
    "Block",
    "Cell",
    "Chart",
    "ChartForm",
    "Curve",
    "Grid",
    "Paragraph",
    "Points",
    "Report",
    "Section",
    "make_outlook_report",
    "make_report",
    "privacy_assessment",
    "processing_register",
    "readings_about",
]
