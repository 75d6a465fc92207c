"""What the last build holds back, and decisions on it, without Spark."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from cinespark.errors import CineSparkError
from cinespark.report.marts import read_marts
from cinespark.stream.decisions import Decision, add_decisions, decisions

HELD, ACCOUNTS = "held_ratings", "line_reconciliation"
USER_FLOOD = "user_flood"


@dataclass(frozen=True)
class Hold:
    """A flood of one user or movie in one window, as the last build left it.

    Parameters
    ----------
    hold_id
        Names it in all builds.
    status
        `held`, or `rejected` by a decision that the build has read.
    decided
        What was decided since then, which the next build reads; empty if nothing was.
    hold_rule, held_of
        Which flood of whom.
    ratings
        How many of it are held, or rejected.
    last_ingested_at
        When the batch began that brought the last of them.
    """

    hold_id: str
    status: str
    decided: str
    hold_rule: str
    held_of: str
    window_start: datetime
    ratings: int
    reason: str
    topic: str
    last_ingested_at: datetime

    @property
    def kind(self) -> str:
        """Return what `held_of` is the id of."""
        return "user" if self.hold_rule == USER_FLOOD else "movie"


def holds(state: Path, schema: str) -> list[Hold]:
    """Return what the last build holds back and what it rejects, the oldest first.

    Raises
    ------
    CineSparkError
        If no build has held ratings back, or the last one did not.
    """
    tables = read_marts(state, schema, [HELD, ACCOUNTS])
    held, accounts = tables[HELD], tables[ACCOUNTS]
    if held is None:
        raise CineSparkError(
            f"no build of schema {schema} has held ratings back: set `hold_floods: "
            "true` under vars in dbt_project.yml, and run `dbt build`"
        )
    waiting = int((held["status"] == "held").sum())
    counted = 0 if accounts is None else int(accounts.get("held_count", held[:0]).sum())
    if waiting != counted:
        raise CineSparkError(
            f"{HELD} has {waiting:,} ratings that wait and {ACCOUNTS} {counted:,}: "
            "they are of two builds. Run `dbt build`, with `hold_floods: "
            "true` under vars in dbt_project.yml if floods are to be held back"
        )
    said = decisions(state)
    found = [
        hold_of(rows, said)
        for _, rows in held.groupby(["hold_id", "status"], sort=False)
    ]
    return sorted(found, key=lambda hold: (hold.window_start, hold.hold_id))


def hold_of(rows: pd.DataFrame, said: pd.DataFrame) -> Hold:
    """Return the hold of rows of one id and status.

    Parameters
    ----------
    said
        All decisions, in their order.
    """
    first = rows.iloc[0]
    last = rows["ingested_at"].max()
    about = said[
        (said["hold_id"] == first.hold_id) & (said["last_ingested_at"] >= last)
    ]
    latest = "" if about.empty else str(about["decision"].iloc[-1])
    return Hold(
        hold_id=first.hold_id,
        status=first.status,
        decided="" if latest == first.status else latest,
        hold_rule=first.hold_rule,
        held_of=str(first.user_id if first.hold_rule == USER_FLOOD else first.movie_id),
        window_start=first.window_start.to_pydatetime(),
        ratings=len(rows),
        reason=first.hold_reason,
        topic=first.topic,
        last_ingested_at=last.to_pydatetime(),
    )


def decide(
    state: Path, chosen: Sequence[Hold], decision: str, who: str, why: str | None
) -> None:
    """Note a decision on holds, for the next build: on what was held of them by now."""
    at = datetime.now(UTC)
    add_decisions(state, [as_row(hold, decision, who, why, at) for hold in chosen])


def as_row(
    hold: Hold, decision: str, who: str, why: str | None, at: datetime
) -> Decision:
    """Return a decision as its table has it."""
    return {
        "topic": hold.topic,
        "hold_id": hold.hold_id,
        "decision": decision,
        "hold_rule": hold.hold_rule,
        "held_of": hold.held_of,
        "window_start": hold.window_start,
        "rating_count": hold.ratings,
        "last_ingested_at": hold.last_ingested_at,
        "decided_at": at,
        "decided_by": who,
        "why": why,
    }


def waiting(found: Sequence[Hold]) -> list[Hold]:
    """Return the holds that nobody has decided on."""
    return [hold for hold in found if hold.status == "held" and not hold.decided]


def named(found: Sequence[Hold], ids: Collection[str]) -> list[Hold]:
    """Return the holds with these ids.

    Raises
    ------
    CineSparkError
        If there is none with one of them.
    """
    unknown = sorted(set(ids) - {hold.hold_id for hold in found})
    if unknown:
        raise CineSparkError(
            f"no hold is called {' or '.join(unknown)}: `cinespark held` lists those "
            "that there are. What was released is no hold any more"
        )
    return [hold for hold in found if hold.hold_id in ids]


def of_one(found: Sequence[Hold], user: str | None, movie: str | None) -> list[Hold]:
    """Return the holds of floods of a user, and of floods of a movie.

    Raises
    ------
    CineSparkError
        If there is none.
    """
    chosen: list[Hold] = []
    for kind, value in (("user", user), ("movie", movie)):
        mine = [hold for hold in found if (hold.kind, hold.held_of) == (kind, value)]
        if value is not None and not mine:
            raise CineSparkError(
                f"no flood of {kind} {value} is held: `cinespark held` lists those "
                "that are"
            )
        chosen += mine
    return chosen
