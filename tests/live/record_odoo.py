"""What does a real Odoo answer? Write it to tests/recorded/odoo.json, without anything personal.

Run by `make record-odoo`. Rows name people by number only, and lines of résumés lose their words.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from kompetanse_adapters.calling import Line, Manners, calling
from kompetanse_adapters.odoo.asking import ABOUT_NOBODY, ABOUT_PEOPLE, Model, call

RECORDED = Path(__file__).resolve().parents[1] / "recorded" / "odoo.json"


def recorded(line: Line, model: Model) -> dict[str, Any]:
    """One model: the types of the fields that are read, and all rows."""
    fields = [*model.fields, *model.optional]
    kinds = call(line, model.name, "fields_get", {"attributes": ["type"]}).body.value
    asked = {
        "domain": [],
        "fields": fields,
        "order": "id",
        "load": "",
        "context": {"lang": "en_US"},
    }
    rows = call(line, model.name, "search_read", asked).body.value[""]
    if model.name == "hr.resume.line":
        rows = [{**row, "name": f"line {row['id']}"} for row in rows]
    return {"fields": {name: kinds[name]["type"] for name in fields}, "rows": rows}


def live() -> dict[str, Any]:
    """Everything that the Odoo at `KOMPETANSE_ODOO` answers, in the form of the recording."""
    address, token = os.environ["KOMPETANSE_ODOO"], os.environ["KOMPETANSE_ODOO_KEY"]
    with calling(address, token, Manners(near=("127.0.0.1",))) as line:
        return {model.name: recorded(line, model) for model in (*ABOUT_NOBODY, *ABOUT_PEOPLE)}


if __name__ == "__main__":
    lines = (
        f"{json.dumps(name)}: "
        + json.dumps(model["fields"]).join(('{"fields": ', ', "rows": [\n'))
        + ",\n".join(json.dumps(row) for row in model["rows"])
        + "\n]}"
        for name, model in sorted(live().items())
    )
    RECORDED.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    sys.stdout.write(f"recorded in {RECORDED.name}\n")
