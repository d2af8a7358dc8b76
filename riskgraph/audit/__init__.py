"""Audit: a diff and the graph as of the incident's start in, answers to the six questions out."""
