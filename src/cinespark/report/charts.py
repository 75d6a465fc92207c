"""Draw charts with Altair: one function per kind, for the page and for pictures.

`columns` gives each shown column its label, with the unit, and the format of its
numbers, one that Python and D3 share, empty for text. The colours are readable on white
and on black; the rest is left to the page's style.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

Columns = Mapping[str, tuple[str, str]]
Picture = alt.Chart | alt.LayerChart

BLUE, ORANGE, GREEN, GREY = "#3f7fd1", "#d9772b", "#2a9d6f", "#8a8f98"
PALETTE = [BLUE, ORANGE, GREEN, GREY]
WHOLE = (",.0f", "d")  # formats of whole numbers, which would show 1.5 as 2
ROW = 22  # pixels per row in a chart with names at its left
HEIGHT = 260
FONT = "system-ui, sans-serif"
CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
    "axisX": {
        "labelFlush": False,
        "labelOverlap": True,
        "labelSeparation": 8,
        "tickCount": 8,
    },
    "axisY": {"labelLimit": 170},
    "legend": {
        "orient": "top",
        "columns": 1,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "labelLimit": 250,
    },
    "scale": {"bandPaddingInner": 0.15, "rectBandPaddingInner": 0.02},
}
PICTURE = {"background": "white", "padding": 12}  # on the page its style does this


def vertical_bars(data: pd.DataFrame, columns: Columns, x: str, y: str) -> Picture:
    """Return one bar per row, in the order of the rows."""
    return _sized(
        alt.Chart(data)
        .mark_bar(color=BLUE)
        .encode(
            _axis(alt.X, columns, x, type="ordinal", sort=None, labelAngle=0),
            _axis(alt.Y, columns, y),
            tooltip=tooltips(columns),
        ),
        HEIGHT,
    )


def bars_by_month(data: pd.DataFrame, columns: Columns, x: str, y: str) -> Picture:
    """Return one bar per row, each at its month."""
    month = alt.X(x, type="temporal", timeUnit="utcyearmonth", title=columns[x][0])
    return _sized(
        alt.Chart(data)
        .mark_bar(color=BLUE)
        .encode(month, _axis(alt.Y, columns, y), tooltip=tooltips(columns)),
        HEIGHT,
    )


def horizontal_bars(data: pd.DataFrame, columns: Columns, y: str, x: str) -> Picture:
    """Return one bar per row with its name at the left, in the order of the rows."""
    return _sized(
        alt.Chart(data)
        .mark_bar(color=BLUE)
        .encode(
            _names(columns, y),
            _axis(alt.X, columns, x),
            tooltip=tooltips(columns),
        ),
        ROW * len(data),
    )


def dots(data: pd.DataFrame, columns: Columns, y: str, x: str) -> Picture:
    """Return one dot per row with its name at the left, on an axis without zero."""
    return _sized(
        alt.Chart(data)
        .mark_circle(color=BLUE, size=90, opacity=1)
        .encode(
            _names(columns, y),
            _axis(alt.X, columns, x, zero=False),
            tooltip=tooltips(columns),
        ),
        ROW * len(data),
    )


def intervals(
    data: pd.DataFrame,
    columns: Columns,
    y: str,
    x: str,
    is_marked: str | None = None,
) -> Picture:
    """Return one dot per row, on a line from its `<x>_low` to its `<x>_high`.

    `is_marked` names a column that says which rows are highlighted.
    """
    colour = (
        alt.condition(f"datum.{is_marked}", alt.value(ORANGE), alt.value(BLUE))
        if is_marked
        else alt.value(BLUE)
    )
    names = _names(columns, y)
    base = alt.Chart(data).encode(names, color=colour, tooltip=tooltips(columns))
    title = columns[x][0]
    low = alt.X(f"{x}_low", type="quantitative", title=title).scale(zero=False)
    lines = base.mark_rule(strokeWidth=3, opacity=0.55).encode(low, x2=f"{x}_high")
    points = base.mark_circle(size=110, opacity=1).encode(
        alt.X(x, type="quantitative", title=title)
    )
    return _sized(lines + points, ROW * len(data))


def pairs_of_dots(
    data: pd.DataFrame, columns: Columns, y: str, ends: tuple[str, str], title: str
) -> Picture:
    """Return two dots per row, in two colours, with a line between them."""
    names = _names(columns, y)
    before, after = ends
    form = columns[before][1]
    shape: dict[str, Any] = {
        "type": "quantitative",
        "title": title,
        "scale": alt.Scale(zero=False),
        "axis": alt.Axis(format=".0%" if form.endswith("%") else form),
    }
    base = alt.Chart(data).encode(names, tooltip=tooltips(columns))
    line = base.mark_rule(color=GREY, strokeWidth=2).encode(
        alt.X(before, **shape), x2=after
    )
    both = pd.concat(
        [data.assign(end=columns[name][0], value=data[name]) for name in ends]
    )
    points = (
        alt.Chart(both)
        .mark_circle(size=90, opacity=1)
        .encode(
            names,
            alt.X("value", **shape),
            color=_series(both, "end"),
            tooltip=tooltips(columns),
        )
    )
    return _sized(line + points, ROW * len(data))


def lines_in_time(
    data: pd.DataFrame, columns: Columns, x: str, y: str, series: str
) -> Picture:
    """Return one line per series over time, on an axis without zero."""
    base = alt.Chart(data).encode(
        alt.X(x, type="temporal", title=columns[x][0], axis=alt.Axis(format="%b %Y")),
        _axis(alt.Y, columns, y, zero=False),
        color=_series(data, series),
        tooltip=tooltips(columns),
    )
    points = base.mark_circle(size=30, opacity=1)
    return _sized(base.mark_line(strokeWidth=2) + points, HEIGHT)


def curves(
    data: pd.DataFrame, columns: Columns, x: str, y: str, series: str
) -> Picture:
    """Return one line per series through points, on axes from zero."""
    base = alt.Chart(data).encode(
        _axis(alt.X, columns, x),
        _axis(alt.Y, columns, y),
        color=_series(data, series),
        tooltip=tooltips(columns),
    )
    points = base.mark_circle(size=45, opacity=1)
    return _sized(base.mark_line(strokeWidth=2) + points, HEIGHT)


def cloud(data: pd.DataFrame, columns: Columns, x: str, y: str, series: str) -> Picture:
    """Return one dot per row, with a logarithmic x axis."""
    return _sized(
        alt.Chart(data)
        .mark_circle(size=45, opacity=0.75)
        .encode(
            alt.X(x, type="quantitative", title=columns[x][0]).scale(type="log"),
            _axis(alt.Y, columns, y, zero=False),
            color=_series(data, series),
            tooltip=tooltips(columns),
        ),
        HEIGHT,
    )


def heatmap(
    data: pd.DataFrame, columns: Columns, x: str, y: str, value: str
) -> Picture:
    """Return one coloured cell per row, in a grid of the values of x and y."""
    colour = alt.Color(value, type="quantitative", title=columns[value][0])
    legend = alt.Legend(format=columns[value][1], gradientLength=160)
    return _sized(
        alt.Chart(data)
        .mark_rect()
        .encode(
            _axis(alt.X, columns, x, type="ordinal", labelAngle=0),
            _names(columns, y),
            colour.scale(scheme="viridis").legend(legend),
            tooltip=tooltips(columns),
        ),
        ROW * data[y].nunique(),
    )


def tooltips(columns: Columns) -> list[alt.Tooltip]:
    """Return the tooltip of a mark: its row, with labels and formats."""
    return [
        alt.Tooltip(name, title=label, format=form or alt.Undefined)
        for name, (label, form) in columns.items()
    ]


def png(chart: Picture, title: str, width: int = 640) -> bytes:
    """Return a chart as a PNG with its title, at twice the resolution of a screen."""
    spec = chart.to_dict() | {"title": title, "width": width}
    spec["config"] = spec.get("config", {}) | PICTURE | {"font": "sans-serif"}
    picture: bytes = vl_convert.vegalite_to_png(spec, scale=2)
    return picture


def _sized(chart: Picture, height: int) -> Picture:
    sized: Picture = chart.properties(width="container", height=height).configure(
        **CONFIG
    )
    return sized


def _axis(
    channel: type[Any],
    columns: Columns,
    name: str,
    *,
    zero: bool = True,
    **options: Any,
) -> Any:
    """Return an axis with its label and number format from `columns`."""
    label, form = columns[name]
    kind = options.pop("type", "quantitative")
    axis: dict[str, Any] = {}
    if "labelAngle" in options:
        axis["labelAngle"] = options.pop("labelAngle")
    if form:
        axis["format"] = ".0%" if form.endswith("%") else form
    if form in WHOLE:
        axis["tickMinStep"] = 1
    made = channel(name, type=kind, title=label, axis=alt.Axis(**axis), **options)
    return made.scale(zero=zero) if kind == "quantitative" else made


def _names(columns: Columns, name: str) -> alt.Y:
    """Return the axis with the names of the rows, in the order of the rows."""
    # the title stands above the names: beside them it would take room from the marks
    above = alt.Axis(titleAngle=0, titleAlign="right", titleX=-8, titleY=-8)
    return alt.Y(name, type="nominal", sort=None, title=columns[name][0], axis=above)


def _series(data: pd.DataFrame, name: str) -> alt.Color:
    domain: Sequence[str] = list(dict.fromkeys(data[name]))
    scale = alt.Scale(domain=domain, range=PALETTE[: len(domain)])
    legend = alt.Legend(title=None) if len(domain) > 1 else None
    return alt.Color(name, type="nominal", scale=scale, legend=legend)
