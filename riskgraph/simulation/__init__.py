"""Simulation: a risk graph and what has happened in, how far it would go and what that would cost out."""
