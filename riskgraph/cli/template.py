"""The command template: the name of a file or folder in, a spreadsheet with examples to write over out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from riskgraph.cli import options, output


def template(
    out: Annotated[Path, typer.Argument(metavar="FILE|FOLDER", help="A workbook (.xlsx), or a folder for CSV files.")],
    force: options.Force = False,
) -> None:
    """Write a spreadsheet to fill in, with two rows of examples on each sheet, as a workbook or as CSV files."""
    from riskgraph.cli.writing import refuse_to_replace, write_file
    from riskgraph.errors import UsageError
    from riskgraph.exports.delimited import dump_sheet
    from riskgraph.exports.template import list_template
    from riskgraph.exports.workbook import write_workbook

    sheets = list_template()
    if out.suffix.lower() == ".xlsx":
        refuse_to_replace(out, force=force)
        write_file(out, write_workbook(sheets))
    elif out.suffix and not out.is_dir():
        raise UsageError(f"{out}: a template is a workbook (.xlsx) or a folder for CSV files: name one of these")
    else:
        files = {out / f"{sheet.name.lower()}.csv": dump_sheet(sheet) for sheet in sheets}
        for file in files:
            refuse_to_replace(file, force=force)
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{out} cannot be made: {error.strerror or error}") from error
        for file, text in files.items():
            write_file(file, text)
    output.say(f"wrote {out}: put your own rows in place of the examples, then riskgraph import {out}")
