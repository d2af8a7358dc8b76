"""riskgraph: a risk register kept as a graph, in which every incident is a test of it."""

__version__ = "0.1.0"
