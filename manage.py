#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from django.core.management import execute_from_command_line

from churnapp.local_stack import StackError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "churnapp.settings")
    try:
        execute_from_command_line(sys.argv)
    except StackError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
