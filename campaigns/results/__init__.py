"""What campaigns did, read from facts as of a moment: set-based, a few statements a page.

The statistics are in `campaigns.effects`; here is what they are fed with.
"""
