"""Dealwire: news feeds in, one proven row per cloud or AI deal out, in PostgreSQL."""

__version__ = "0.1.0"
