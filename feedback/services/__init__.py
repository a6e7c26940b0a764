"""What a person or another program does with surveys and answers: one verb, one transaction."""
