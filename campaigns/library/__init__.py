"""The library: what texts name of it, what fits whom, where it is used and how it is received."""
