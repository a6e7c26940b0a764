#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from django.core.management import execute_from_command_line

from churnapp.local_stack import StackError

READER_GONE = 141  # as a shell says of a process that SIGPIPE ended


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "churnapp.settings")
    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except StackError as error:
        sys.exit(str(error))
    except BrokenPipeError:  # `| head` has read enough; what is left goes nowhere, quietly
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(READER_GONE)


if __name__ == "__main__":
    main()
