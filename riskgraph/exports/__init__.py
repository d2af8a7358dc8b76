"""Exports: a graph as it was read in, the text of a file for another program out; one module for each format."""
