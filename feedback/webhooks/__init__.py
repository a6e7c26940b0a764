"""Telling other programs of answers and departures: rows first, then calls until taken."""
