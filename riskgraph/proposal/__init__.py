"""Proposals: what reviews taught in, edits for a person to accept or reject out, and their way into a store."""
