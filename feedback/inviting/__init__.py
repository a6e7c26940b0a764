"""Who is asked, when, and in which words: one invitation a customer and occasion."""
