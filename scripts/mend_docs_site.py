"""Mend dbt's docs page so that it asks for nothing that is not there: FILE.

dbt 1.11's page loads icons from addresses that Angular has not filled in yet, and a
favicon from an address that its build has not filled in; a browser complains of each.
"""

import sys
from pathlib import Path

MENDS = {
    'xlink:href="{{': 'ng-attr-href="{{',
    "${require('./assets/favicons/favicon.ico')}": "data:,",
}


def main() -> None:
    file = Path(sys.argv[1])
    text = file.read_text(encoding="utf-8")
    for wrong, right in MENDS.items():
        if wrong not in text and right not in text:
            sys.exit(
                f"error: {file} has no {wrong}: see what this version of dbt writes"
            )
        text = text.replace(wrong, right)
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
