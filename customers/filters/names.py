"""Names that stand in a query beside filters, and how a name says that it is an attribute's."""

# What a list's address also holds, and no filter: never taken for an attribute.
LIST_NAMES = frozenset(
    {"sort", "page", "columns", "view", "format", "cursor", "page_size", "selected", "everyone"}
)
PREFIX = "attribute."  # says that a name is an attribute's, whatever fields there are


def clean(text: str) -> str:
    return text.replace("\0", "")
