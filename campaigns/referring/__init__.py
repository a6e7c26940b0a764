"""Referrals and loyalty: who came by whom, who is rewarded when, and what speaks against it."""
