"""Telling other programs of answers: rows first, then calls until they are taken."""
