"""Check a folder of question files: python -m quiz.content FOLDER."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from .checks import report
from .checks.check import check, played_questions
from .format.problems import Severity
from .format.schema import write_json_schema
from .loader import load


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report of a folder; 0 when it has no errors, else 1."""
    parser = argparse.ArgumentParser(prog="python -m quiz.content", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("questions"))
    parser.add_argument("--write-schema", action="store_true", help="write FOLDER/schema.json too")
    options = parser.parse_args(arguments)
    folder: Path = options.folder
    if options.write_schema:
        write_json_schema(folder)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console may lack a quoted character
    library = load(folder)
    problems = check(library)
    for line in report.lines(library, problems, played_questions(library)):
        print(line)
    return int(any(problem.severity is Severity.ERROR for problem in problems))


if __name__ == "__main__":
    sys.exit(main())
