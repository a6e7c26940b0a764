"""The part of `/api/v1/` that is about surveys."""
