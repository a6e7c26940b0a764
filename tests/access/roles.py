"""Roles, each with all that the one before it may; `public` needs nobody signed in."""

PUBLIC, VIEWER, CSM, MANAGER, ADMIN = "public", "viewer", "csm", "manager", "admin"
ROLES = (VIEWER, CSM, MANAGER, ADMIN)
