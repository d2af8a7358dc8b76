"""Commands on files: check, pir new and schema; files in, findings, a blank review or a JSON Schema out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from riskgraph.cli import options, output, session

if TYPE_CHECKING:
    from riskgraph.findings import Finding
    from riskgraph.history import History

pir = typer.Typer(no_args_is_help=True, help="Reviews as files.")


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Registers, reviews, proposals, or folders.")],
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
    fail_on: options.FailOn = None,
    baseline: options.Baseline = None,
    update_baseline: options.UpdateBaseline = False,
    format: options.FindingsFormat = "table",  # noqa: A002 - it is the option's name
) -> None:
    """List every problem of every file.

    Needs no store; with one, or with registers among the files, it also knows the ids.
    """
    from riskgraph.cli import checking, sifting
    from riskgraph.cli.reviews import find_files, still_open
    from riskgraph.findings import Sifted
    from riskgraph.report.findings import findings_text

    committed = [path for path in register or () if git and not path.exists()]  # In a bare repository.
    everything = [file for file, _ in find_files([*files, *(path for path in register or () if path not in committed)])]
    registers, others = checking.split_registers(everything)
    known = _known(store)
    found, own = checking.check_registers(registers, known.history.graph if known else None)
    if git and not found:
        own = session.read_git([*registers, *committed])
    history = own or (known.history if known else None)
    with output.progress("checking", len(others)) as advance:
        checked = checking.check_files(others, history, advance)
    found += [finding for one in checked for finding in one.findings]
    found += checking.repeated(checked)
    places = {str(file): number for number, file in enumerate(everything)}
    found.sort(key=lambda finding: places.get(finding.place.path, 0))
    left_out = tuple(finding for one in checked for finding in one.left_out)
    sifted = sifting.without_known(
        Sifted(tuple(found), left_out), "check", baseline, is_update=update_baseline, examined=everything
    )
    found = list(sifted.shown)
    output.show(
        format,
        data=lambda: _data(found, len(everything), known),
        tables=lambda: _tables(found),
        text=lambda: findings_text(found, color=output.has_color(sys.stdout)),
        findings=sifted,
    )
    output.say(_summary(found, len(everything)))
    if any(finding.level == "error" for finding in found):
        raise typer.Exit(4)
    output.leave(fail_on, still_open(found, known.history if known else None))


@pir.command("new")
def pir_new(  # noqa: PLR0917 - typer calls it by name
    risk: options.RiskId,
    started_at: Annotated[str, typer.Option(metavar="TIME", help="When the incident began: 2024-02-15T03:00+01:00.")],
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Write it in markdown, with headings and tables; implied by FILE.md.")
    ] = False,
    form: Annotated[
        bool, typer.Option("--form", help="Write it as a page to fill in, which gives the file; implied by FILE.html.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write it.")] = None,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
    force: options.Force = False,
) -> None:
    """Write a blank review that asks about every cascade, mitigation and indicator mapped as of its start."""
    from riskgraph.cli.writing import refuse_to_replace, write_file
    from riskgraph.errors import InputError
    from riskgraph.fields import instant

    kind = _kind_of_review(out, markdown=markdown, form=form)
    start = options.read_date(started_at, "--started-at")
    assert start is not None  # noqa: S101 - the option is required
    moment = start if hasattr(start, "utcoffset") else instant(start)
    with session.open_session(store, register, git=git) as opened:
        snapshot = opened.read(moment)
        if risk not in snapshot.graph.risks:
            raise InputError(_unknown(risk, opened.history, started_at))
    if kind == "form":
        from riskgraph.pages.form import form_page
        from riskgraph.pages.page import Source

        text = form_page(risk, snapshot, moment, Source(opened.graph_id, snapshot.revision, moment.isoformat()))
    else:
        from riskgraph.pir.blank import new_pir, new_pir_page

        text = (new_pir_page if kind == "markdown" else new_pir)(risk, snapshot, moment)
    if out is None:
        output.write(text)
        return
    refuse_to_replace(out, force=force)
    write_file(out, text)
    checked = "the file that it downloads" if kind == "form" else str(out)
    output.say(
        f"wrote {out}: {'open it in a browser, ' if kind == 'form' else ''}fill it in, then riskgraph check {checked}"
    )


def schema(
    kind: Annotated[Literal["register", "pir", "proposal"], typer.Argument(metavar="KIND", help="Which file format.")],
) -> None:
    """Print the JSON Schema of a file format, for editors."""
    from riskgraph.report.envelope import to_json

    output.write(to_json(_schema(kind)))


def _schema(kind: Literal["register", "pir", "proposal"]) -> dict[str, Any]:
    if kind == "register":
        from riskgraph.register.schema import register_schema

        return register_schema()
    if kind == "pir":
        from riskgraph.pir.schema import pir_schema

        return pir_schema()
    from riskgraph.proposal.file import proposal_schema

    return proposal_schema()


def _kind_of_review(out: Path | None, *, markdown: bool, form: bool) -> Literal["yaml", "markdown", "form"]:
    """What to write a blank review as: what the options say, else what the file's name says.

    Raises:
        UsageError: they contradict each other.
    """
    from riskgraph.errors import UsageError
    from riskgraph.pir.file import is_markdown

    is_page = out is not None and out.suffix.lower() in {".html", ".htm"}
    if form and markdown:
        raise UsageError("a review is a form or a page of markdown: leave out --form or --markdown")
    if form and out is not None and not is_page:
        raise UsageError(f"{out}: a form is a file of .html: name it so, or leave --form out")
    if markdown and out is not None and not is_markdown(out):
        raise UsageError(f"{out}: a review in markdown is a file of .md: name it so, or leave --markdown out")
    if form or is_page:
        return "form"
    return "markdown" if markdown or (out is not None and is_markdown(out)) else "yaml"


def _known(store: str | None) -> session.Session | None:
    """What a store knows; none is needed, unless one was named."""
    set_ = session.settings(store=store)["store"]
    named = set_.source != "default" and not set_.source.endswith(".toml")
    if not named and not session.store_is_there(set_.value):
        return None
    with session.open_session(store) as opened:
        return opened


def _unknown(risk: str, history: History, when: str) -> str:
    from riskgraph.validation import closest

    origin = history.first.get(("risk", risk))
    if origin:
        number = origin.revision.number
        return f"{risk} was not in the register on {when}: it is there since revision {number}, or is gone"
    near = closest(risk, [id_ for id_, kind in history.ids.items() if kind == "risk"])
    return f"there is no risk {risk}: " + (f"did you mean {near}?" if near else "riskgraph show lists them")


def _tables(found: Sequence[Finding]) -> list[Any]:
    from riskgraph.report.findings import findings_table

    return [findings_table(found)]


def _data(found: Sequence[Finding], files: int, known: session.Session | None) -> dict[str, Any]:
    from riskgraph.report.envelope import envelope
    from riskgraph.report.findings import findings_data

    graph_id, revision = (known.graph_id, known.revision) if known else (None, None)
    return envelope(
        "check", graph_id=graph_id, revision=revision, files=files, findings=findings_data(found), counts=_counts(found)
    )


def _counts(found: Sequence[Finding]) -> dict[str, int]:
    levels = {"error": "errors", "warning": "warnings", "note": "notes"}
    return {name: sum(finding.level == level for finding in found) for level, name in levels.items()}


def _summary(found: Sequence[Finding], files: int) -> str:
    counts = ", ".join(
        f"{count} {name if count != 1 else name.removesuffix('s')}" for name, count in _counts(found).items()
    )
    return f"checked {files} file{'s' if files != 1 else ''}: {counts}"
