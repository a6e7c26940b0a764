"""Files in: read, staged, checked and published in one transaction, or not at all.

`running.run` works one import from the file to its report:

    file → decoding, records (own line numbers) → reading (DuckDB) → staging (COPY, in chunks)
         → a kind's SQL resolves, checks and compares → publishing (one transaction) → report
"""
