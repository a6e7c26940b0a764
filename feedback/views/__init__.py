"""Pages about surveys for staff."""
