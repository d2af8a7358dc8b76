"""JSON output: results in, the objects and text that programs read out. Nothing here is rounded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from riskgraph.report.escape import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from riskgraph.audit.audit import Audit
    from riskgraph.diff import Diff
    from riskgraph.history import Revision
    from riskgraph.proposal.file import Proposal
    from riskgraph.proposal.gaps import Gap


def envelope(kind: str, *, graph_id: str | None, revision: int | None, **content: Any) -> dict[str, Any]:
    """An output object: its schema, the graph and the revision it was read from, then its content.

    Graph and revision are None where no store is involved.
    """
    return {"schema": f"riskgraph/{kind}/v1", "graph_id": graph_id, "revision": revision, **content}


def to_json(data: Any) -> str:
    """JSON text: two spaces, UTF-8, numbers in full, a line feed at the end.

    Raises:
        ValueError: a number is not finite.
    """
    return json_text(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)) + "\n"


def newest_revision(diffs: Iterable[Diff]) -> int | None:
    """The newest revision that any incident was read as of; None where none was."""
    return max((diff.match.snapshot.revision for diff in diffs), default=0) or None


def diff_data(diffs: Sequence[Diff], *, graph_id: str | None) -> dict[str, Any]:
    """The output of ``diff``: what it says never depends on what was recorded after the incidents."""
    from riskgraph.diff import recall_of

    revision = newest_revision(diffs) if graph_id is not None else None
    incidents = [diff.data() for diff in diffs]
    recall = recall_of(diffs).data()
    return envelope("diff", graph_id=graph_id, revision=revision, incidents=incidents, recall=recall)


def audit_data(audits: Sequence[Audit], *, graph_id: str | None) -> dict[str, Any]:
    """The output of ``audit``."""
    revision = newest_revision(audit.diff for audit in audits) if graph_id is not None else None
    incidents = [audit.data() for audit in audits]
    return envelope("audit", graph_id=graph_id, revision=revision, incidents=incidents)


def history_data(
    revisions: Sequence[Revision], graph_id: str | None, commits: Mapping[int, str] | None = None
) -> dict[str, Any]:
    """The output of ``history``: oldest first; ``edits`` and ``decisions`` are counts.

    ``commits`` has the commit of each revision that is one, where the history is a repository's.
    """
    entries = [
        {
            "revision": revision.number,
            "recorded_at": revision.recorded_at.isoformat(),
            "effective_on": revision.effective_on.isoformat() if revision.effective_on else None,
            "author": revision.author,
            "reason": revision.reason,
            "edits": len(revision.edits),
            "decisions": len(revision.decisions),
            "undoes": revision.undoes,
            "digest": revision.digest,
            "previous": revision.previous,
            **({"commit": commits.get(revision.number)} if commits else {}),
        }
        for revision in revisions
    ]
    latest = revisions[-1].number if revisions and not commits else None
    return envelope("history", graph_id=graph_id, revision=latest, revisions=entries)


def proposal_data(proposal: Proposal, plan: Sequence[str] = (), remarks: Sequence[str] = ()) -> dict[str, Any]:
    """The output of ``propose``: the content of the proposal file, its plan in words, and the remarks on it.

    Without ``remarks`` they are the proposal's own.
    """
    content = {**proposal.data(), "plan": list(plan), "remarks": list(remarks or proposal.remarks)}
    del content["graph_id"]
    return envelope("proposal", graph_id=proposal.graph_id, revision=proposal.base_revision, **content)


def gaps_data(gaps: Sequence[Gap], *, graph_id: str | None, revision: int | None) -> dict[str, Any]:
    """The output of ``gaps``: each gap, open or with what answered it, and how many are which."""
    is_open = sum(gap.is_open for gap in gaps)
    counts = {"open": is_open, "answered": len(gaps) - is_open}
    return envelope("gaps", graph_id=graph_id, revision=revision, gaps=[gap.data() for gap in gaps], counts=counts)
