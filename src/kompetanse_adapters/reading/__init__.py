"""How do adapters read files without guessing? Decoded text, strict sheets, TOML, JSON, values.

The cellar under the adapters that read files: every one of them may use it, and it knows none of
them. Each flaw is a `Finding` with its place; no cell is ever quoted.
"""

from kompetanse_adapters.reading.account import Account
from kompetanse_adapters.reading.address import HELD, competence_at, known_as, spoken
from kompetanse_adapters.reading.confinement import confined
from kompetanse_adapters.reading.encoding import Decoded, decode
from kompetanse_adapters.reading.files import content_of, files_at, only_file
from kompetanse_adapters.reading.header import Header, fold, is_remark
from kompetanse_adapters.reading.json import JsonFile, Node, read_json
from kompetanse_adapters.reading.language import language_named
from kompetanse_adapters.reading.place import find, refusal, warning
from kompetanse_adapters.reading.proofs import Proof, Proofs
from kompetanse_adapters.reading.pseudonym import Pseudonyms, by_key
from kompetanse_adapters.reading.rows import parse_rows
from kompetanse_adapters.reading.scenarios import read_scenario, write_scenario
from kompetanse_adapters.reading.sheet import DELIMITERS, SUMS, Dialect, Sheet, read_sheet
from kompetanse_adapters.reading.stream import lines_in, rows_in
from kompetanse_adapters.reading.table import read_columns
from kompetanse_adapters.reading.toml import Document, read_toml
from kompetanse_adapters.reading.values import (
    is_missing,
    read_day,
    read_flag,
    read_instant,
    read_number,
    read_share,
    read_whole,
    read_word,
)
from kompetanse_adapters.reading.written import Written, carried, losses_between

__all__ = [
    "DELIMITERS",
    "HELD",
    "SUMS",
    "Account",
    "Decoded",
    "Dialect",
    "Document",
    "Header",
    "JsonFile",
    "Node",
    "Proof",
    "Proofs",
    "Pseudonyms",
    "Sheet",
    "Written",
    "by_key",
    "carried",
    "competence_at",
    "confined",
    "content_of",
    "decode",
    "files_at",
    "find",
    "fold",
    "is_missing",
    "is_remark",
    "known_as",
    "language_named",
    "lines_in",
    "losses_between",
    "only_file",
    "parse_rows",
    "read_columns",
    "read_day",
    "read_flag",
    "read_instant",
    "read_json",
    "read_number",
    "read_scenario",
    "read_share",
    "read_sheet",
    "read_toml",
    "read_whole",
    "read_word",
    "refusal",
    "rows_in",
    "spoken",
    "warning",
    "write_scenario",
]
