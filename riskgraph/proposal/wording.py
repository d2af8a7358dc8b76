"""The instructions of a review: the text of an audit's action field in, instructions with known ids out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from riskgraph.matching.ids import Vocabulary
from riskgraph.matching.instructions import read_instructions
from riskgraph.matching.observed import names_of

if TYPE_CHECKING:
    from riskgraph.audit.audit import Audit
    from riskgraph.documents import Loc
    from riskgraph.proposal.draft import Draft


def instructions_in(audit: Audit, draft: Draft, loc: Loc) -> tuple[Any, ...]:
    """What a field tells to do; nothing in a language whose words are not known."""
    pir = audit.diff.match.pir
    text = pir.text(*loc)
    if not text or not pir.is_english:
        return ()
    ids = draft.history.ids
    risks = frozenset(known for known, kind in ids.items() if kind == "risk")
    return read_instructions(text, Vocabulary(risks, frozenset(ids) - risks, names_of(draft.graph), frozenset()))
