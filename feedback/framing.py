"""Which pages of other people may show a survey in a frame."""

import re

ADDRESS = re.compile(r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?")


def named_in(text: str) -> list[str]:
    """The words of a list that spaces, commas, semicolons or lines part, in their order."""
    return [word for word in re.split(r"[\s,;]+", text) if word]


def frames_of(text: str) -> str:
    """The pages that may show a frame, as a policy names them; nobody's where none is named."""
    return " ".join(each for each in named_in(text) if ADDRESS.fullmatch(each)) or "'none'"
