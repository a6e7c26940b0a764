"""Correspondence: the outbox and what goes with it."""
