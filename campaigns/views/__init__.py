"""Pages about offers, for members of staff."""
