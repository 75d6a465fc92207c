"""Render the report as one HTML file that needs nothing from outside."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.resources import files

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from cinespark.printable import printable
from cinespark.report.topics import Section


def page(
    title: str,
    headlines: Iterable[tuple[str, str]],
    sections: Iterable[Section],
    about: Mapping[str, str],
    made_at: datetime,
) -> str:
    """Return the HTML of the page.

    Parameters
    ----------
    headlines
        Questions with their answers, shown first.
    about
        What the page says at its end of where its data comes from.
    """
    sections = list(sections)
    specs = {
        figure.name: figure.chart.to_dict()
        for section in sections
        for figure in section.figures
        if figure.chart is not None
    }
    vega: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # its stub errs
    environment = Environment(
        loader=PackageLoader("cinespark.report", "."),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        finalize=written_out,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja").render(
        title=title,
        headlines=list(headlines),
        sections=sections,
        about=about,
        made_at=made_at,
        style=_file("page.css"),
        script=_file("page.js"),
        vega=Markup(vega.replace("</script", "<\\/script")),
        specs=Markup(json.dumps(specs).replace("<", "\\u003c")),
    )


def written_out(value: object) -> object:
    """Return a text that is no HTML yet as it is to be shown."""
    return printable(value) if type(value) is str else value


def _file(name: str) -> Markup:
    return Markup(files("cinespark.report").joinpath(name).read_text("utf-8"))
