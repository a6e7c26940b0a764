"""Everything that changes surveys, invitations and answers: one verb, one transaction."""
