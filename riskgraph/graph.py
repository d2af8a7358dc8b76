"""The risk graph: checked elements in, a frozen value with its neighbourhoods and its networkx form out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from riskgraph.durations import YEAR
from riskgraph.errors import EditError
from riskgraph.model import (
    EDGES,
    KINDS,
    NODES,
    Action,
    Blocks,
    Cascade,
    Element,
    Header,
    Implements,
    Incident,
    Indicator,
    Key,
    Mitigates,
    Mitigation,
    Risk,
    Watches,
)
from riskgraph.parts import Likelihood, PerYear, ProbabilityOver
from riskgraph.scales import Band, Scale, rate_of

if TYPE_CHECKING:
    import networkx

    Graph: TypeAlias = networkx.MultiDiGraph[str]

E = TypeVar("E", bound=Element)
HEADER: Final[Key] = ("register",)
_ORDER: Final = {kind: rank for rank, kind in enumerate(KINDS)}
_LABELS: Final = {node.kind: node.__name__ for node in NODES}
_TYPES: Final = {
    "cascade": "CASCADES_TO",
    "mitigates": "MITIGATES",
    "blocks": "BLOCKS",
    "watches": "WATCHES",
    "implements": "IMPLEMENTS",
}


def order(key: Key) -> tuple[int, Key]:
    """The place of an element in every listing: by kind, then by id."""
    return _ORDER[key[0]], key


@dataclass(frozen=True)
class RiskGraph:
    """A risk graph as a value: every element by its key, the header among them.

    Two graphs are equal if their elements are. Build one with :meth:`of`, which checks it.
    """

    elements: Mapping[Key, Element] = field(default_factory=lambda: MappingProxyType({HEADER: Header()}))

    @classmethod
    def of(cls, elements: Iterable[Element]) -> RiskGraph:
        """A graph of these elements, in the order of :func:`order`.

        Raises:
            EditError: two have one key, a node's id is taken, or one refers to what is not there.
        """
        found: dict[Key, Element] = {HEADER: Header()}
        for element in elements:
            if element.key in found and element.key != HEADER:
                message = f"{title(element.key)} is there twice: keep one"
                raise EditError(message)
            found[element.key] = element
        graph = cls(MappingProxyType(dict(sorted(found.items(), key=lambda item: order(item[0])))))
        for problem in graph.problems():
            raise EditError(problem)
        return graph

    def problems(self) -> Iterable[str]:
        """What does not hold together: references to what is not there, one id for two nodes."""
        for element in self.elements.values():
            for needed in element.refers_to():
                if needed not in self.elements:
                    yield f"{title(element.key)} refers to {title(needed)}, which is not there"
        kinds: dict[str, str] = {}
        for kind, *ids in self.elements:
            if kind in _LABELS and kinds.setdefault(ids[0], kind) != kind:
                yield f"{ids[0]} is the id of a {kinds[ids[0]]} and of a {kind}: give one of them another id"

    def __len__(self) -> int:
        """How many elements there are, without the header."""
        return len(self.elements) - 1

    def __contains__(self, key: Key) -> bool:
        """Whether there is an element of this key."""
        return key in self.elements

    def get(self, key: Key) -> Element | None:
        """The element of a key, or None."""
        return self.elements.get(key)

    def of_kind(self, element: type[E]) -> dict[Key, E]:
        """The elements of one kind, in order."""
        return {key: value for key, value in self.elements.items() if isinstance(value, element)}

    @property
    def header(self) -> Header:
        """Scale and currency."""
        header = self.elements[HEADER]
        assert isinstance(header, Header)  # noqa: S101 - the key says so
        return header

    @cached_property
    def risks(self) -> Mapping[str, Risk]:
        """Risks by id."""
        return {key[1]: risk for key, risk in self.of_kind(Risk).items()}

    @cached_property
    def cascades(self) -> Mapping[tuple[str, str], Cascade]:
        """Cascades by from and to."""
        return {(key[1], key[2]): cascade for key, cascade in self.of_kind(Cascade).items()}

    @cached_property
    def mitigations(self) -> Mapping[str, Mitigation]:
        """Mitigations by id."""
        return {key[1]: mitigation for key, mitigation in self.of_kind(Mitigation).items()}

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Indicators by id."""
        return {key[1]: indicator for key, indicator in self.of_kind(Indicator).items()}

    @cached_property
    def incidents(self) -> Mapping[str, Incident]:
        """Incidents by id."""
        return {key[1]: incident for key, incident in self.of_kind(Incident).items()}

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        """Actions by id."""
        return {key[1]: action for key, action in self.of_kind(Action).items()}

    @cached_property
    def downstream(self) -> Mapping[str, tuple[Cascade, ...]]:
        """The cascades out of each risk."""
        return _grouped((cascade.from_, cascade) for cascade in self.cascades.values())

    @cached_property
    def upstream(self) -> Mapping[str, tuple[Cascade, ...]]:
        """The cascades into each risk."""
        return _grouped((cascade.to, cascade) for cascade in self.cascades.values())

    @cached_property
    def mitigates(self) -> Mapping[str, tuple[Mitigates, ...]]:
        """What mitigates each risk."""
        return _grouped((edge.risk, edge) for edge in self.of_kind(Mitigates).values())

    @cached_property
    def blocks(self) -> Mapping[tuple[str, str], tuple[Blocks, ...]]:
        """What blocks each cascade."""
        return _grouped(((edge.from_, edge.to), edge) for edge in self.of_kind(Blocks).values())

    @cached_property
    def watches(self) -> Mapping[str, tuple[Watches, ...]]:
        """What watches each risk."""
        return _grouped((edge.risk, edge) for edge in self.of_kind(Watches).values())

    def is_implemented(self, mitigation: str) -> bool:
        """Whether a mitigation counts in the current view; only an implemented one does."""
        return self.mitigations[mitigation].status == "implemented"

    def band(self, risk: str) -> Band | None:
        """The yearly rates that a risk's likelihood stands for, before mitigations; None: not estimated.

        For a probability or a rate the band is that one rate.
        """
        return band_of(self.risks[risk].likelihood, self.header.scale)

    def rate_factor(self, risk: str) -> float:
        """What implemented mitigations leave of a risk's rate: ``product(1 - effectiveness)``."""
        return _left(
            edge.effectiveness for edge in self.mitigates.get(risk, ()) if self.is_implemented(edge.mitigation)
        )

    def probability(self, from_: str, to: str) -> float | None:
        """A cascade's probability after its implemented blocks; None: not estimated."""
        probability = self.cascades[from_, to].probability
        return None if probability is None else probability * self.cascade_factor(from_, to)

    def cascade_factor(self, from_: str, to: str) -> float:
        """What implemented blocks leave of a cascade's probability: ``product(1 - effectiveness)``."""
        blocks = self.blocks.get((from_, to), ())
        return _left(edge.effectiveness for edge in blocks if self.is_implemented(edge.mitigation))

    def to_networkx(self) -> Graph:
        """A ``MultiDiGraph``: nodes by id, edges by the names of the model's edges, our fields as attributes.

        Lossless: :meth:`from_networkx` gives an equal graph. An incident's evidence is an edge for each part.
        """
        import networkx

        graph: Graph = networkx.MultiDiGraph(register=self.header.data())
        for key, element in self.elements.items():
            if key[0] in _LABELS:
                graph.add_node(key[1], label=_LABELS[key[0]], **element.data())
        for key, element in self.elements.items():
            if key[0] in _TYPES:
                start, *between, end = key[1:]
                name = ":".join([_TYPES[key[0]], *between])
                graph.add_edge(start, end, key=name, type=_TYPES[key[0]], **element.data())
        for incident in self.incidents.values():
            for type_, target, attributes in evidence(incident):
                name = ":".join([type_, *(str(value) for value in (attributes.get("cascade_from"),) if value)])
                graph.add_edge(incident.id, target, key=name, type=type_, **attributes)
        for action in self.actions.values():
            if action.incident:
                graph.add_edge(action.incident, action.id, key="RAISED", type="RAISED")
        return graph

    @classmethod
    def from_networkx(cls, graph: Graph) -> RiskGraph:
        """The graph of which :meth:`to_networkx` gave this one.

        Raises:
            EditError: the elements do not hold together.
            pydantic.ValidationError: an attribute is not valid.
        """
        classes = {cls_.__name__: cls_ for cls_ in NODES}
        edges = {_TYPES[cls_.kind]: cls_ for cls_ in EDGES}
        elements: list[Element] = [Header.model_validate(graph.graph.get("register", {}))]
        # A graph that went through a file of nodes and links has the id as the node alone.
        elements += [
            _element(classes[data["label"]], {"id": node, **data}, "label") for node, data in graph.nodes(data=True)
        ]
        elements += [
            _element(edges[data["type"]], data, "type")
            for _, _, data in graph.edges(data=True)
            if data["type"] in edges
        ]
        return cls.of(elements)


def band_of(likelihood: Likelihood | None, scale: Scale | None) -> Band | None:
    """The yearly rates that a likelihood stands for on a scale; None: not estimated."""
    match likelihood:
        case None:
            return None
        case int() as score:
            return scale.likelihood_band(score) if scale else None
        case PerYear(per_year=rate):
            return Band(rate, rate, rate)
        case ProbabilityOver(probability=probability, horizon=horizon):
            rate = rate_of(probability, horizon / YEAR)
            return Band(rate, rate, rate)


def evidence(incident: Incident) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """The edges of an incident: type, target and attributes, as section "The model" of the docs names them."""
    if incident.risk:
        yield "MATERIALIZED", incident.risk, {}
    for step in incident.reached:
        at = {"at": step.at.isoformat()} if step.at else {}
        yield "REACHED", step.to, {"cascade_from": step.from_, **at}
    for pair in incident.checked:
        yield "CHECKED", pair.to, {"cascade_from": pair.from_}
    for test in incident.tested:
        yield "TESTED", test.mitigation, {"outcome": test.outcome}
    for signal in incident.signalled:
        at = {"at": signal.at.isoformat()} if signal.at else {}
        yield "SIGNALLED", signal.indicator, {"outcome": signal.outcome, **at}


def title(key: Key) -> str:
    """How a person names an element: ``risk RISK-023``, ``cascade RISK-023 -> RISK-031``."""
    kind, *ids = key
    match kind:
        case "blocks":
            return f"blocks {ids[0]} on {ids[1]} -> {ids[2]}"
        case "cascade" | "mitigates" | "watches" | "implements":
            return f"{kind} {ids[0]} -> {ids[1]}"
        case _:
            return " ".join([kind, *ids])


def with_article(kind: str) -> str:
    """A kind of element in a sentence: ``a risk``, ``an indicator``."""
    return f"a{'n' if kind[0] in 'aeiou' else ''} {kind}"


def _element(cls: type[Element], data: Mapping[str, Any], without: str) -> Element:
    return cls.model_validate({name: value for name, value in data.items() if name != without})


def _left(effectiveness: Iterable[float | None]) -> float:
    left = 1.0
    for share in effectiveness:
        left *= 1 - (share or 0)
    return left


K = TypeVar("K")
V = TypeVar("V")


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, tuple[V, ...]]:
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


__all__ = ["HEADER", "Blocks", "Implements", "RiskGraph", "band_of", "evidence", "order", "title"]
