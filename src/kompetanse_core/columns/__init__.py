"""How are many facts held as numbers? Tables of integer columns and the kernels over them.

This room knows numbers only: it never hears of a competence. A noun of a higher floor becomes a
row through its `Layout`; everything that is counted is counted over the columns.
"""

from kompetanse_core.columns.closure import Closure
from kompetanse_core.columns.layout import Column, Kind, Layout
from kompetanse_core.columns.table import Table
from kompetanse_core.columns.words import Words

__all__ = ["Closure", "Column", "Kind", "Layout", "Table", "Words"]
