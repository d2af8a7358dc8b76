"""Registers as spreadsheets: workbooks and CSV files in, register documents out, and back."""
