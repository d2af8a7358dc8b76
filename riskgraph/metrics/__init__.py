"""Metrics: a history and a window in, whether the loop learns out. No review file is read here."""
