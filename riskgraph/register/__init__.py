"""Registers: files in, a risk graph out, and back."""
