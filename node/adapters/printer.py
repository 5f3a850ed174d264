"""PDF files by Typst. What stands in them is handed over as values, never as markup, so no cell can be a command."""

import json
from collections.abc import Sequence
from datetime import datetime

import typst

_PAGE = b"""
#let given = json(bytes(sys.inputs.table))
#set document(title: given.title, date: none)
#set page(paper: "a4", flipped: true, margin: 1.5cm, numbering: "1 / 1")
#set text(size: 9pt)
= #given.title
#given.at
#table(
  columns: given.header.len(),
  table.header(..given.header.map(cell => strong(cell))),
  ..given.rows.flatten(),
)
"""


class TypstPrinter:
    """Compiles one fixed page around a table."""

    def table(self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]], at: datetime) -> bytes:
        """A table under a title."""
        given = {
            "title": title,
            "at": f"{at:%Y-%m-%d %H:%M} UTC",
            "header": list(header),
            "rows": list(map(list, rows)),
        }
        return bytes(typst.compile(_PAGE, sys_inputs={"table": json.dumps(given)}, timestamp=int(at.timestamp())))
