"""Mend dbt's docs page for browsers and for people: FILE.

dbt 1.11's page loads icons from addresses that Angular has not filled in yet, and a
favicon from an address that its build has not filled in; a browser complains of each.
It breaks rules of WCAG 2.2, too: text too pale to read, zooming forbidden, no
landmarks, headings out of order, a button without a name, links too close to each
other, a box that only a mouse can scroll. And it is 960 pixels wide on any phone.
"""

import sys
from pathlib import Path

STYLE = """
pre.code, pre.code * { font-family: monospace !important; }
pre.code, pre.code * { line-height: 21px !important; }
pre code { white-space: pre; }
@media (max-width: 960px) {
  body, .app, .app-menu { min-width: 0; }
  .app.app-row { flex-direction: column; }
  .app-menu.app-column { width: 100%; flex: 0 0 35%; overflow: auto; }
  .app-menu .app-header { display: none; }
  .app-content.app-column { width: 100%; flex: 1 1 0; min-height: 0; }
}
"""
MENDS = {
    "</head>": f"<style>{STYLE}</style></head>",
    'xlink:href="{{': 'ng-attr-href="{{',
    "${require('./assets/favicons/favicon.ico')}": "data:,",
    ",minimum-scale=1,maximum-scale=1,": ",",
    '<div class="app-menu app-column">': (
        '<div role="navigation" aria-label="models" class="app-menu app-column">'
    ),
    '<div class="app-content app-column">': (
        '<div role="main" class="app-content app-column">'
    ),
    "<h6>": '<h6 aria-level="2">',
    '<div class="detail-body">': '<div class="detail-body" tabindex="0">',
    '<li ng-repeat="node in nodes">': (
        '<li style="line-height: 26px" ng-repeat="node in nodes">'
    ),
    "<pre><code": "<pre tabindex=0><code",
    'class="table-responsive"': 'tabindex="0" class="table-responsive"',
    '<div class="launcher-window">': (
        '<div role="region" aria-label="lineage graph" class="launcher-window">'
    ),
    'class="field-input form-control input-dark text-center"': (
        'aria-label="close" class="field-input form-control input-dark text-center"'
    ),
    "#999988": "#6a6a5a",
    "#36acaa": "#1b7877",
    "#00a4db": "#00709a",
    "#00afc6": "#8fe3f0",
    "#8b969e": "#5b656d",
    "#0bb": "#077",
}


def main() -> None:
    file = Path(sys.argv[1])
    text = file.read_text(encoding="utf-8")
    if STYLE in text:
        return
    for wrong, right in MENDS.items():
        if wrong not in text:
            sys.exit(
                f"error: {file} has no {wrong}: see what this version of dbt writes"
            )
        text = text.replace(wrong, right)
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
