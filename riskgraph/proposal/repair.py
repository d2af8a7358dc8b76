"""Repairs: what was changed past riskgraph in, a proposal of it out; and, decided, what to write to repair the store.

Accepting an edit adopts the change as a revision, rejecting it restores what the revisions give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from riskgraph.edits import Because, apply_all, describe, digest, in_order
from riskgraph.errors import StaleError
from riskgraph.history import Decision
from riskgraph.proposal.apply import Application, decisions_of, refuse_other_graph
from riskgraph.proposal.file import Decided, Proposal

if TYPE_CHECKING:
    from riskgraph.history import History
    from riskgraph.store.repair import Difference

_BECAUSE: Final = Because(field="content", text="changed past riskgraph")
_UNREADABLE: Final = "cannot be read as part of a graph"


def propose_repair(difference: Difference, graph_id: str) -> Proposal:
    """The proposal that makes a difference a person's to decide on; all of it has to be decided."""
    edits = [
        Decided(edit.model_copy(update={"because": _BECAUSE, "confidence": "derived"})) for edit in difference.edits
    ]
    return Proposal(
        graph_id,
        difference.revision,
        (),
        tuple(edits),
        remarks=(
            "These changes were made past riskgraph: accept adopts one as a revision, reject restores what was there.",
            *(f"cannot be adopted and will be put back: {what}" for what in difference.unreadable),
        ),
        repairs=difference.digest,
    )


def plan_repair(proposal: Proposal, difference: Difference, history: History, graph_id: str) -> Application:
    """What a decided repair writes; nothing where content and revisions agree.

    Raises:
        InputError: the proposal is another graph's, or an accepted edit needs one that was rejected.
        StaleError: the content has changed again since.
    """
    refuse_other_graph(proposal, graph_id)
    if not difference:
        return Application(repair=True, remarks=("content and revisions agree: there is nothing to repair",))
    if difference.digest != proposal.repairs:
        message = (
            "the content has changed again since this was proposed, nothing was written: run doctor --propose anew"
        )
        raise StaleError(message)
    accepted = in_order(one.edit for one in proposal.edits if one.decision == "accept")
    apply_all(accepted, history.graph)
    put_back = (
        Decision(what="edit", incident="", decision="reject", reason=_UNREADABLE, marker=digest(what), title=what)
        for what in difference.unreadable
    )
    pending = [describe(one.edit) for one in proposal.edits if one.decision == "pending"]
    return Application(tuple(accepted), (*decisions_of(proposal), *put_back), pending=len(pending), repair=True)


__all__ = ["plan_repair", "propose_repair"]
