"""Leaving through a cancel flow: the law's limits, the day it ends, what is answered, evidence."""
