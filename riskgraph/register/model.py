"""The register file as a model: its header and its entries; the source of its JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from riskgraph.fields import Id, Moment, Share, Text
from riskgraph.model import Cascade, Header, Indicator, Mitigation, Risk
from riskgraph.parts import Value


def _bare_id(value: Any) -> Any:
    """An id alone stands for an edge without an estimate."""
    return {"risk": value} if isinstance(value, str) else value


class MitigatesEntry(Value):
    """A risk whose rate a mitigation lowers, and by which share."""

    risk: Id
    effectiveness: Share | None = None


class BlocksEntry(Value):
    """A cascade whose probability a mitigation lowers, and by which share."""

    from_: Id = Field(alias="from")
    to: Id
    effectiveness: Share | None = None


class MitigationEntry(Mitigation):
    """A mitigation with what it mitigates and blocks."""

    mitigates: tuple[Annotated[MitigatesEntry, BeforeValidator(_bare_id)], ...] = ()
    blocks: tuple[BlocksEntry, ...] = ()


class IndicatorEntry(Indicator):
    """An indicator with the risks that it watches."""

    watches: tuple[Id, ...] = ()


class RegisterHeader(Header):
    """What a register file says of itself, before its entries."""

    kind: ClassVar[str] = "register"
    riskgraph_register: Literal[1]
    graph_id: Text | None = None
    effective_on: Moment | None = None


class RegisterFile(BaseModel):
    """A riskgraph register: risks, cascades, mitigations and indicators; several files are merged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    riskgraph_register: Literal[1] = Field(description="The version of the format.")
    graph_id: Text | None = Field(
        None, description="The graph's identity; export writes it, a new store takes it over."
    )
    effective_on: Moment | None = Field(None, description="Since when this was the organisation's view.")
    scale: Annotated[Any, Field(description="What likelihood and impact scores mean.")] = None
    currency: Text | None = Field(None, description="The currency of every amount of money.")
    risks: tuple[Risk, ...] = ()
    cascades: tuple[Cascade, ...] = ()
    mitigations: tuple[MitigationEntry, ...] = ()
    indicators: tuple[IndicatorEntry, ...] = ()


SECTIONS: dict[str, type[Risk | Cascade | MitigationEntry | IndicatorEntry]] = {
    "risks": Risk,
    "cascades": Cascade,
    "mitigations": MitigationEntry,
    "indicators": IndicatorEntry,
}
"""The sections of a register file and what their entries are."""
