"""Pages about surveys and what came back."""
