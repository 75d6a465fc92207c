"""Make up a shop without stars: `python benchmarks/made_up_shop.py FOLDER`.

FOLDER gets a year of events and the items:

- events.csv: timestamp in ISO 8601 and UTC, visitorid (UUIDs), event (click, purchase
  or return), itemid (texts such as SKU-7F3K-blue), in the order of time
- items.csv: itemid, title, categories with | between; some items have no category, and
  some that have events are missing

How the shop behaves is written in benchmarks/shop/, and was fixed before anything was
tuned on it. Each number comes from a stream of random numbers named by the seed and
what is drawn.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv
from shop.entities import Items, ShopParams, Visitors, make_items, make_visitors
from shop.events import NAMES, Events, make_events
from shop.visits import make_looks

FIRST_DAY = np.datetime64("2025-01-01T00:00:00", "s")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    sizes = ShopParams()
    for name, value in vars(sizes).items():
        parser.add_argument(f"--{name}", type=int, default=value, help=f"{value}")
    asked = vars(parser.parse_args())
    folder = asked.pop("folder")
    write_shop(ShopParams(**asked), folder)
    print(f"events.csv and items.csv are in {folder}")


def write_shop(params: ShopParams, folder: Path) -> None:
    """Write both files into a folder, which is made where it is missing."""
    items, visitors, events = make_shop(params)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "items.csv").open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["itemid", "title", "categories"])
        rows = zip(items.ids, items.titles, items.filed, items.is_listed, strict=True)
        writer.writerows(row[:3] for row in rows if row[3])
    table = event_table(items, visitors, events)
    # none of these values needs quotes, but Arrow would quote the names of columns
    options = arrow_csv.WriteOptions(include_header=False, quoting_style="none")
    with (folder / "events.csv").open("wb") as file:
        file.write(f"{','.join(table.column_names)}\n".encode())
        arrow_csv.write_csv(table, file, options)


def make_shop(params: ShopParams) -> tuple[Items, Visitors, Events]:
    items, visitors = make_items(params), make_visitors(params)
    looks = make_looks(params, items, visitors)
    return items, visitors, make_events(params, items, looks)


def event_table(items: Items, visitors: Visitors, events: Events) -> pa.Table:
    """Return events as the file has them, all of them texts."""
    times = np.datetime_as_string(FIRST_DAY + events.seconds, timezone="UTC")
    kinds = pa.array(NAMES).take(pa.array(events.kinds))
    return pa.table(
        {
            "timestamp": pa.array(times.tolist()),
            "visitorid": pa.array(visitors.ids).take(pa.array(events.users)),
            "event": kinds,
            "itemid": pa.array(items.ids).take(pa.array(events.items)),
        }
    )


if __name__ == "__main__":
    main()
