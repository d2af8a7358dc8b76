"""Commands of the loop: diff, audit, propose and gaps; reviews and a history in, what they show of the map out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from riskgraph.cli import options, output, session

if TYPE_CHECKING:
    from riskgraph.baseline import Command
    from riskgraph.diff import Diff
    from riskgraph.findings import Finding, Sifted
    from riskgraph.history import History
    from riskgraph.proposal.file import Proposal
    from riskgraph.report.table import Format, Table


def diff(
    pirs: options.Pirs,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
    fail_on: options.FailOn = None,
    baseline: options.Baseline = None,
    update_baseline: options.UpdateBaseline = False,
    format: options.FindingsFormat = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Compare the cascades that happened with those that were mapped before the incident."""
    from riskgraph.cli.reviews import still_open
    from riskgraph.report.envelope import diff_data
    from riskgraph.report.views import diff_tables

    with session.open_session(store, register, git=git) as opened:
        diffs = read_diffs(pirs, opened.history)
    found = _sift([(one, [*one.match.findings, *one.findings()]) for one in diffs], "diff", baseline, update_baseline)
    output.show(
        format,
        data=lambda: diff_data(diffs, graph_id=opened.graph_id),
        tables=lambda: _with_findings(diff_tables(diffs), found.shown, format),
        findings=found,
    )
    output.leave(fail_on, still_open(found.shown, _stored(opened)))


def audit(
    pirs: options.Pirs,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
    fail_on: options.FailOn = None,
    baseline: options.Baseline = None,
    update_baseline: options.UpdateBaseline = False,
    format: options.FindingsFormat = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Answer the six questions about the risk process, with evidence, beside the author's own answers."""
    from riskgraph.audit.audit import audit_diff
    from riskgraph.cli.reviews import still_open
    from riskgraph.report.envelope import audit_data
    from riskgraph.report.views import audit_tables

    with session.open_session(store, register, git=git) as opened:
        audits = [audit_diff(one, opened.history) for one in read_diffs(pirs, opened.history)]
    found = _sift([(one.diff, one.findings()) for one in audits], "audit", baseline, update_baseline)
    output.show(
        format,
        data=lambda: audit_data(audits, graph_id=opened.graph_id),
        tables=lambda: _with_findings(audit_tables(audits), found.shown, format),
        findings=found,
    )
    output.leave(fail_on, still_open(found.shown, _stored(opened)))


def propose(
    pirs: Annotated[list[Path] | None, typer.Argument(metavar="PIR", help="Review files, or folders of them.")] = None,
    from_history: Annotated[
        bool, typer.Option("--from-history", help="What all recorded incidents call for, instead of reviews.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write it.")] = None,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
    force: options.Force = False,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Propose graph edits, each with its reason, for a person to accept or reject.

    Without -o the proposal goes to standard output, and its plan to standard error.
    """
    from riskgraph.audit.audit import audit_diff
    from riskgraph.errors import UsageError
    from riskgraph.proposal.learned import propose_from_history
    from riskgraph.proposal.propose import propose_edits

    if from_history == bool(pirs):
        raise UsageError("name the reviews to propose from, or use --from-history, and not both")
    if out:
        refuse_to_lose_decisions(out, force=force)
    with session.open_session(store, register, git=git) as opened:
        if from_history:
            proposal = propose_from_history(opened.history, opened.graph_id, session.today())
        else:
            diffs = read_diffs(pirs or (), opened.history)
            refuse_repeated(diffs)
            audits = [audit_diff(one, opened.history) for one in diffs]
            proposal = propose_edits(audits, opened.history, opened.graph_id)
    print_proposal(proposal, out, format)


def print_proposal(proposal: Proposal, out: Path | None, format: Format) -> None:  # noqa: A002
    """Writes a proposal to a file, and its plan to standard output; without a file the proposal goes there."""
    from riskgraph.cli.writing import write_file
    from riskgraph.proposal.file import dump_proposal
    from riskgraph.report.envelope import proposal_data
    from riskgraph.report.plan import plan_lines
    from riskgraph.report.views import proposal_tables

    edits = [decided.edit for decided in proposal.edits]
    if out:
        write_file(out, dump_proposal(proposal, out.name))
    if out is None and format == "table":
        output.write(dump_proposal(proposal))
        output.write_aside(_plan(proposal, sys.stderr))
        return
    output.show(
        format,
        data=lambda: proposal_data(proposal, plan_lines(edits)),
        tables=lambda: proposal_tables(proposal),
        text=lambda: _plan(proposal, sys.stdout),
    )
    if out:
        output.say(f"wrote {out}: decide in it, then riskgraph apply {out}")


def comment(
    pirs: options.Pirs,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
) -> None:
    """Write a comment for a pull request: predicted against actual, gaps, and proposed edits, in markdown."""
    from riskgraph.audit.audit import audit_diff
    from riskgraph.proposal.gaps import answers_to_gaps
    from riskgraph.proposal.propose import propose_edits
    from riskgraph.report.comment import comment_text

    with session.open_session(store, register, git=git) as opened:
        diffs = read_diffs(pirs, opened.history)
        refuse_repeated(diffs)
        audits = [audit_diff(one, opened.history) for one in diffs]
        proposal = propose_edits(audits, opened.history, opened.graph_id)
        answers = answers_to_gaps(opened.history)
    output.write(comment_text(audits, proposal, answers))


def gaps(
    only_open: Annotated[bool, typer.Option("--open", help="Only those that nothing answers.")] = False,
    as_of: options.AsOf = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """List every gap of every incident: open, or answered by which edit, action or reason."""
    from riskgraph.proposal.gaps import find_gaps
    from riskgraph.report.envelope import gaps_data
    from riskgraph.report.views import gaps_tables

    when = options.read_date(as_of, "--as-of")
    with session.open_session(store) as opened:
        history = opened.up_to(when)
        found = [gap for gap in find_gaps(history) if gap.is_open or not only_open]
    output.show(
        format,
        data=lambda: {
            **gaps_data(found, graph_id=opened.graph_id, revision=history.latest),
            **options.as_of_data(when),
        },
        tables=lambda: gaps_tables(found),
    )


def read_diffs(paths: Sequence[Path], history: History) -> list[Diff]:
    """The diffs of the reviews in files and folders; raises what ``match_reviews`` does."""
    from riskgraph.cli.reviews import match_reviews
    from riskgraph.diff import diff_match

    return [diff_match(match) for match in match_reviews(paths, history)]


def _sift(
    groups: Sequence[tuple[Diff, Sequence[Finding]]], command: Command, baseline: Path | None, is_update: bool
) -> Sifted:
    """The findings of reviews, without what these ignore and what was known before."""
    from riskgraph.cli.reviews import without_ignored
    from riskgraph.cli.sifting import without_known
    from riskgraph.findings import join

    found = join(without_ignored(found, one.match.pir) for one, found in groups)
    examined = [one.match.pir.path for one, _ in groups]
    return without_known(found, command, baseline, is_update=is_update, examined=examined)


def _with_findings(tables: list[Table], found: Sequence[Finding], format: Format) -> list[Table]:  # noqa: A002
    """What is to be looked at, in a text that has to stand alone in a pull request."""
    from riskgraph.report.findings import findings_table

    return [*tables, findings_table(found)] if format == "markdown" and found else tables


def _stored(opened: session.Session) -> History | None:
    return opened.history if opened.store else None


def _plan(proposal: Proposal, stream: TextIO) -> str:
    from riskgraph.report.plan import plan_text

    edits = [decided.edit for decided in proposal.edits]
    remarks = list(proposal.remarks)
    for gap in proposal.unanswered:
        incident = gap.incident or proposal.incidents[0]
        remarks.append(f"{incident}: no edit answers {gap.question} ({gap.gap}); a reason in the proposal accepts it")
    return plan_text(edits, remarks=remarks, color=output.has_color(stream))


def refuse_to_lose_decisions(out: Path, *, force: bool) -> None:
    """Refuses to replace a file that somebody has worked on.

    Raises:
        UsageError: the file is no proposal, or has decisions in it.
    """
    from riskgraph.errors import InputError, UsageError
    from riskgraph.proposal.file import read_proposal

    if force or not out.exists():
        return
    try:
        before = read_proposal(out)
    except InputError as error:
        raise UsageError(f"{out} is there already and is no proposal: name another file, or use --force") from error
    decided = sum(one.decision != "pending" or bool(one.reason) for one in before.edits)
    decided += sum(bool((gap.reason or "").strip()) for gap in before.unanswered)
    if decided:
        found = f"{decided} decision{'s' if decided != 1 else ''}"
        raise UsageError(f"{out} has {found} in it: apply it first, name another file, or use --force")


def refuse_repeated(diffs: Sequence[Diff]) -> None:
    """Refuses two reviews of one incident.

    Raises:
        InputError: there are two.
    """
    from riskgraph.cli.reviews import refuse
    from riskgraph.findings import Finding

    first: dict[str, Diff] = {}
    problems = []
    for one in diffs:
        pir = one.match.pir
        before = first.setdefault(pir.incident_id, one).match.pir
        if before is not pir:
            message = f"{pir.incident_id} is reviewed in {before.path} as well: name one of them"
            problems.append(Finding("incident-twice", "error", message, pir.place("incident_id"), "incident_id"))
    refuse(problems)
