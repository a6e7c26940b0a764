"""What comes in by forms, and how forms are shown."""
