"""Tables that can be pasted into README.md."""

from rich import box
from rich.console import Console
from rich.table import Table


def show(columns: list[str], rows: list[list[str]]) -> None:
    table = Table(*columns, box=box.MARKDOWN)
    for row in rows:
        table.add_row(*row)
    Console(width=240, highlight=False).print(table)
