"""The version's one source: the wheel's metadata, the pages and the API read it from here."""

__version__ = "0.1.0"
