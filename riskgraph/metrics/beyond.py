"""Beyond the five: a history and what was measured in, the unseen, claims, calibration and learning out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskgraph.metrics.agreement import Agreement, compare_claims
from riskgraph.metrics.improvement import Learning, compare_maps
from riskgraph.metrics.unseen import Unseen, unseen_cascades, unseen_risks

if TYPE_CHECKING:
    from riskgraph.history import History
    from riskgraph.metrics.calibration import Calibration
    from riskgraph.metrics.measure import Measured


@dataclass(frozen=True)
class Beyond:
    """What the five metrics do not say: what nobody has written down, who is believed, and whether it gets better."""

    unseen_risks: Unseen
    unseen_cascades: Unseen
    claims: tuple[Agreement, ...]
    calibration: Calibration
    learning: Learning

    def data(self) -> dict[str, Any]:
        """The JSON form, by the names that ``--explain`` knows."""
        return {
            "unseen": {"risks": self.unseen_risks.data(), "cascades": self.unseen_cascades.data()},
            "claims": [one.data() for one in self.claims],
            "calibration": self.calibration.data(),
            "learning": self.learning.data(),
        }


def look_beyond(measured: Measured, history: History, seed: int = 0) -> Beyond:
    """All of it over the incidents of a window; the seed is that of the bootstrap."""
    judged = measured.judged
    return Beyond(
        unseen_risks(judged),
        unseen_cascades(judged),
        compare_claims(judged),
        measured.probability_gap.calibration,
        compare_maps(judged, history, seed),
    )
