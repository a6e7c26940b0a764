"""Reasons that nobody has said: read from a customer's words, or seen in what they did before."""
