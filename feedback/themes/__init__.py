"""Themes in comments, found without leaving the server: words, never a guess without its reason."""
