"""manage.py importcsv: a file of facts, taken whole or not at all."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from customers.importing import running
from customers.importing.registry import KINDS
from customers.importing.text_report import text_report
from customers.management.ready import ReadyCommand
from customers.models import Import
from customers.services.imports import Wish, record_import


class Command(ReadyCommand):
    requires_system_checks = []
    help = "Import a CSV file. The exit status is 1 if the file or any row of it was refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = "\n".join(
            ["columns of each kind:"]
            + [f"  {kind.name}: {', '.join(kind.names)}" for kind in KINDS.values()]
        )
        parser.add_argument("kind", metavar="KIND", help=", ".join(KINDS))
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument(
            "--map",
            action="append",
            nargs="+",
            default=[],
            metavar="THEIRS=OURS",
            help="a column of the file and its name here; with nothing after = it is left out",
        )
        parser.add_argument(
            "--set",
            action="append",
            nargs="+",
            default=[],
            metavar="OURS=VALUE",
            help="one value for every row; also decimal=comma|point and dates=DMY|MDY",
        )
        parser.add_argument(
            "--skip-refused", action="store_true", help="take the good rows, leave the refused"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        check_kind(options["kind"])
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        wish = Wish(
            kind=options["kind"],
            mapping=dict(pair(text) for group in options["map"] for text in group),
            fixed_values=dict(pair(text) for group in options["set"] for text in group),
            dry_run=options["dry_run"],
            skip_refused=options["skip_refused"],
        )
        file_import = record_import(path.name, wish, by=None)
        running.run(file_import.pk, path)
        file_import = Import.objects.select_related("job").get(pk=file_import.pk)
        self.stdout.write(text_report(file_import))
        if file_import.job.state != "done" or file_import.report.get("refused_rows"):
            raise SystemExit(1)


def check_kind(name: str) -> None:
    """Refuse what is no kind, with the ones that are."""
    if name not in KINDS:
        raise CommandError(
            _("%(name)s is no kind of file. Known are: %(known)s.")
            % {"name": name, "known": ", ".join(KINDS)}
        )


def pair(text: str) -> tuple[str, str]:
    """A name and its value, from `name=value`."""
    name, equals, value = text.rpartition("=") if text.count("=") > 1 else text.partition("=")
    if not equals or not name.strip():
        raise CommandError(_("“%(text)s” is not of the form name=value.") % {"text": text})
    return name.strip(), value.strip()
