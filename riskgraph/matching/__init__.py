"""Matching: what a review says of the graph as known at its start."""
