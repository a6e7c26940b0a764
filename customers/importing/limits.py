"""How large a file, a row and a report may be."""

MAX_COLUMNS = 200
MAX_ROWS = 20_000_000
MAX_RECORD_CHARACTERS = 500_000
MAX_RECORD_LINES = 1_000
PREVIEW_BYTES = 256 * 1024
PREVIEW_ROWS = 5
CHUNK_ROWS = 20_000
READER_MEMORY = "400MB"
READER_THREADS = 2
# What the report keeps of what it counts; refused rows are all kept, and shown up to this many.
REFUSALS_SHOWN = 1_000
EXAMPLES_KEPT = 100
MAX_ATTEMPTS = 3
PUBLISH_ATTEMPTS = 3
