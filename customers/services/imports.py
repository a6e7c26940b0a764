"""Files in: start, cancel and undo an import."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from churnapp.models import Job, User
from customers.models import Import


@dataclass(frozen=True)
class Wish:
    """What somebody wants of a file: columns theirs to ours, and ours to a value for all rows."""

    kind: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    fixed_values: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    skip_refused: bool = False


def record_import(file_name: str, wish: Wish, *, by: User | None) -> Import:
    """The rows of an import that its caller works at once, as the command does."""
    job = Job.objects.create(kind="import", created_by=by)
    return Import.objects.create(
        job=job,
        kind=wish.kind,
        file_name=file_name[-255:],
        mapping=dict(wish.mapping),
        fixed_values=dict(wish.fixed_values),
        dry_run=wish.dry_run,
        skip_refused=wish.skip_refused,
    )
