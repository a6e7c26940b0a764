"""All about a person: gathered, erased, and forgotten when its time has come."""
