"""What a campaign did: the treated against the holdout. Pure: no database, no clock.

Every interval is one of 95 %. What can't be known is None, never 0.
"""
