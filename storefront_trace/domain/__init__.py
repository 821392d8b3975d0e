"""The rules, without I/O: dataclasses and plain functions on the standard library alone."""
