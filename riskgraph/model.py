"""The model: the nodes and edges of a risk graph as frozen values; plain data in, checked elements out.

``Element.data`` is the canonical form of an element: JSON values only, nothing absent, nothing empty. Files,
edits, digests and stores all use it.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, ClassVar, Final, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from riskgraph.fields import (
    Count,
    Day,
    Duration,
    Id,
    Moment,
    Money,
    Name,
    Number,
    Score,
    Share,
    Text,
)
from riskgraph.parts import Checked, Escalation, Likelihood, Loss, Occurrences, Signalled, Step, Tested
from riskgraph.scales import Scale

V = TypeVar("V", bound=BaseModel)
Key = tuple[str, ...]
"""What names an element: its kind, then the ids of that kind, as in ``("cascade", "RISK-1", "RISK-2")``."""

PHASES: Final = {
    "in_register": "IDENTIFY",
    "probability_accurate": "QUANTIFY",
    "cascades_predicted": "INTERACT",
    "mitigation_worked": "MITIGATE",
    "indicators_fired": "MONITOR",
    "escalation_worked": "ESCALATION",
}
"""The phase of the risk process that each question of the audit asks about; a gap has its name."""
QUESTIONS: Final = tuple(PHASES)
"""The six questions of the audit, in their order."""


def is_absent(value: Any) -> bool:
    """Whether a value says nothing, and so is not in a canonical form."""
    return value is None or (isinstance(value, dict | list | tuple) and not value)


def _or_none(value: V | None) -> V | None:
    """A part of an element, or None where nothing is said in it."""
    return value if value is not None and value.model_dump(exclude_none=True) else None


class Element(BaseModel):
    """A node or an edge of the graph. Keys that start with ``x_`` are kept as they are; others are refused."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    kind: ClassVar[str]
    key_fields: ClassVar[tuple[str, ...]] = ("id",)

    @model_validator(mode="before")
    @classmethod
    def _only_own_extras(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        if unknown := cls.unknown_names(data):
            message = f"unknown key {unknown[0]!r}"
            raise ValueError(message)
        # What is empty is not in the canonical form, so an element that had it would not come back equal.
        return {name: value for name, value in data.items() if not (name.startswith("x_") and is_absent(value))}

    @classmethod
    @cache
    def names(cls) -> tuple[str, ...]:
        """The names of the fields, as files write them."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @classmethod
    @cache
    def _known(cls) -> frozenset[str]:
        return frozenset({*cls.names(), *cls.model_fields})

    @classmethod
    def unknown_names(cls, data: dict[str, Any]) -> list[str]:
        """The keys of ``data`` that no field has and that do not start with ``x_``."""
        known = cls._known()
        return [key for key in data if key not in known and not str(key).startswith("x_")]

    @property
    def key(self) -> Key:
        """What names this element in a graph."""
        data = self.__dict__
        return (self.kind, *(data["from_" if name == "from" else name] for name in self.key_fields))

    def data(self) -> dict[str, Any]:
        """The canonical form: JSON values by the names that files use, without what is absent or empty."""
        dumped = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {name: value for name, value in dumped.items() if not is_absent(value)}

    def refers_to(self) -> tuple[Key, ...]:
        """The elements that have to be in the graph for this one to be."""
        return ()


class Header(Element):
    """What a register says of itself: its scale and its currency."""

    kind: ClassVar[str] = "register"
    key_fields: ClassVar[tuple[str, ...]] = ()
    scale: Annotated[Scale | None, AfterValidator(_or_none)] = None
    currency: Text | None = None


class Risk(Element):
    """An event that may happen and harm an objective (ISO 31073); its likelihood is before mitigations."""

    kind: ClassVar[str] = "risk"
    id: Id
    name: Name
    description: Text | None = None
    category: Text | None = None
    owner: Text | None = None
    status: Literal["open", "accepted", "closed"] = "open"
    likelihood: Likelihood | None = None
    impact: Score | None = None
    loss: Loss | None = None
    escalation: Annotated[Escalation | None, AfterValidator(_or_none)] = None
    aliases: tuple[Name, ...] = ()
    tags: tuple[Text, ...] = ()
    since: Moment | None = None


class Mitigation(Element):
    """A control that lowers a risk's likelihood or blocks a cascade; only an implemented one has an effect."""

    kind: ClassVar[str] = "mitigation"
    id: Id
    name: Name
    description: Text | None = None
    type: Literal["preventive", "detective", "corrective"] | None = Field(None, alias="kind")
    status: Literal["planned", "in_progress", "implemented", "failed", "retired"] = "planned"
    owner: Text | None = None
    due: Day | None = None
    implemented_on: Day | None = None
    since: Moment | None = None


class Indicator(Element):
    """A signal that should warn of a risk (a key risk indicator)."""

    kind: ClassVar[str] = "indicator"
    id: Id
    name: Name
    description: Text | None = None
    threshold: Number | None = None
    unit: Text | None = None
    detects_within: Duration | None = None
    since: Moment | None = None
    alarms: tuple[Moment, ...] = Field((), description="When it fired and something was there.")
    false_alarms: tuple[Moment, ...] = Field((), description="When it fired and nothing was there.")


class Incident(Element):
    """A risk that materialised, or a near miss or an external event; its evidence comes and goes with it."""

    kind: ClassVar[str] = "incident"
    id: Id
    name: Name
    type: Literal["incident", "near_miss", "external"] = Field("incident", alias="kind")
    severity: Text | None = None
    started_at: Moment
    duration: Duration | None = None
    detected_after: Duration | None = None
    expected_detection: Duration | None = None
    occurrences: Occurrences | None = None
    loss: Money | None = None
    contributing_factors: tuple[Text, ...] = ()
    learnings: tuple[Text, ...] = ()
    claims: dict[str, str] = {}
    verdicts: dict[str, str] = {}
    risk: Id | None = None
    reached: tuple[Step, ...] = ()
    checked: tuple[Checked, ...] = ()
    tested: tuple[Tested, ...] = ()
    signalled: tuple[Signalled, ...] = ()
    unregistered: tuple[Text, ...] = ()
    unrecorded: Count | None = Field(None, description="Observed steps that are left out: nobody took their risk up.")
    pir: Text | None = None
    pir_digest: Text | None = None

    def refers_to(self) -> tuple[Key, ...]:
        """The risks that were reached or checked, the mitigations tested, the indicators that should have fired."""
        pairs: list[Step | Checked] = [*self.reached, *self.checked]
        risks = [self.risk, *(pair.from_ for pair in pairs), *(pair.to for pair in pairs)]
        keys: list[Key] = [("risk", risk) for risk in risks if risk]
        keys += [("mitigation", test.mitigation) for test in self.tested]
        keys += [("indicator", signal.indicator) for signal in self.signalled]
        return tuple(dict.fromkeys(keys))


class Action(Element):
    """Something that an incident's review asks for, with an owner and a date."""

    kind: ClassVar[str] = "action"
    id: Id
    name: Name
    text: Text | None = None
    owner: Text | None = None
    due: Day | None = None
    done_on: Day | None = None
    horizon: Literal["immediate", "short_term", "process_improvement"] | None = None
    incident: Id | None = None
    answers: tuple[Text, ...] = ()

    def refers_to(self) -> tuple[Key, ...]:
        """The incident that raised it."""
        return (("incident", self.incident),) if self.incident else ()


class Cascade(Element):
    """A directed edge: when *from* materialises it can trigger *to*, with a probability and after a delay."""

    kind: ClassVar[str] = "cascade"
    key_fields: ClassVar[tuple[str, ...]] = ("from", "to")
    from_: Id = Field(alias="from")
    to: Id
    probability: Share | None = None
    delay: Duration | None = None
    mechanism: Text | None = None
    since: Moment | None = None

    @model_validator(mode="after")
    def _no_self_loop(self) -> Self:
        if self.from_ == self.to:
            message = f"cascades from {self.to} to itself: name another risk or remove it"
            raise ValueError(message)
        return self

    def refers_to(self) -> tuple[Key, ...]:
        """Both ends."""
        return (("risk", self.from_), ("risk", self.to))


class Mitigates(Element):
    """A mitigation removes a share of a risk's rate."""

    kind: ClassVar[str] = "mitigates"
    key_fields: ClassVar[tuple[str, ...]] = ("mitigation", "risk")
    mitigation: Id
    risk: Id
    effectiveness: Share | None = None

    def refers_to(self) -> tuple[Key, ...]:
        """The mitigation and the risk."""
        return (("mitigation", self.mitigation), ("risk", self.risk))


class Blocks(Element):
    """A mitigation removes a share of a cascade's probability."""

    kind: ClassVar[str] = "blocks"
    key_fields: ClassVar[tuple[str, ...]] = ("mitigation", "from", "to")
    mitigation: Id
    from_: Id = Field(alias="from")
    to: Id
    effectiveness: Share | None = None

    def refers_to(self) -> tuple[Key, ...]:
        """The mitigation and the cascade."""
        return (("mitigation", self.mitigation), ("cascade", self.from_, self.to))


class Watches(Element):
    """An indicator should warn of a risk."""

    kind: ClassVar[str] = "watches"
    key_fields: ClassVar[tuple[str, ...]] = ("indicator", "risk")
    indicator: Id
    risk: Id

    def refers_to(self) -> tuple[Key, ...]:
        """The indicator and the risk."""
        return (("indicator", self.indicator), ("risk", self.risk))


class Implements(Element):
    """An action carries out a mitigation."""

    kind: ClassVar[str] = "implements"
    key_fields: ClassVar[tuple[str, ...]] = ("action", "mitigation")
    action: Id
    mitigation: Id

    def refers_to(self) -> tuple[Key, ...]:
        """The action and the mitigation."""
        return (("action", self.action), ("mitigation", self.mitigation))


NODES: Final[tuple[type[Element], ...]] = (Risk, Mitigation, Indicator, Incident, Action)
EDGES: Final[tuple[type[Element], ...]] = (Cascade, Mitigates, Blocks, Watches, Implements)
_ALL: Final[tuple[type[Element], ...]] = (Header, *NODES, *EDGES)
KINDS: Final[dict[str, type[Element]]] = {element.kind: element for element in _ALL}
"""Every kind of element by its name, in the order in which elements may be added one by one."""

NODE_KINDS: Final = tuple(node.kind for node in NODES)
