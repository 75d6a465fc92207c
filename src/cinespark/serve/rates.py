"""How often somebody may ask: by token, or by address where there is none."""

import ipaddress
import math
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from limits import RateLimitItem, parse
from limits.strategies import SlidingWindowCounterRateLimiter

from cinespark.errors import CineSparkError
from cinespark.serve.counts import SharedCounts
from cinespark.serve.problems import Problem

NEIGHBOURS = 64  # bits of an address of IPv6: one customer has what is behind them


@dataclass(frozen=True)
class Rates:
    """How often is too often, as "100/minute"; None for no limit.

    Parameters
    ----------
    asked
        Requests of one token, or of one address without a token.
    failed
        Requests of one address that show a token which is none.
    """

    asked: str | None = None
    failed: str | None = None

    def require_right(self) -> None:
        """Raise CineSparkError if one of them is no rate."""
        for text in (self.asked, self.failed):
            rate_of(text)


NO_LIMITS = Rates()


class Limiter:
    """What counts requests, over all processes that have the same file.

    Parameters
    ----------
    file
        With the counts.

    Raises
    ------
    CineSparkError
        If a rate is none.
    """

    def __init__(self, rates: Rates, file: Path) -> None:
        self._asked, self._failed = rate_of(rates.asked), rate_of(rates.failed)
        self._counts = SharedCounts(file)
        self._limiter = SlidingWindowCounterRateLimiter(self._counts)

    def count(self, token: str | None, address: str | None) -> None:
        """Count a request.

        Raises
        ------
        Problem
            If there were too many.
        """
        if self._asked is None:
            return
        who = f"the token {token}" if token else network_of(address)
        self._hit(self._asked, who, "requests")

    def count_failure(self, address: str | None) -> None:
        """Count a request whose token is none.

        Raises
        ------
        Problem
            If there were too many.
        """
        if self._failed is not None:
            self._hit(self._failed, network_of(address), "wrong tokens")

    def _hit(self, rate: RateLimitItem, who: str, what: str) -> None:
        if self._limiter.hit(rate, what, who):
            return
        window = self._counts.get_sliding_window(
            rate.key_for(what, who), rate.get_expiry()
        )
        raise too_many(rate, who, what, seconds_until(rate, *window))


def too_many(rate: RateLimitItem, who: str, what: str, seconds: int) -> Problem:
    """Return the problem of somebody who asks too often.

    Its headers are those of draft-ietf-httpapi-ratelimit-headers-10.
    """
    status = HTTPStatus.TOO_MANY_REQUESTS
    found = Problem(
        status,
        status.phrase,
        f"{who} sent more than {rate.amount} {what} in {rate.get_expiry()} seconds: "
        f"ask again in {seconds}",
    )
    policy = f'"{what.split()[0]}"'
    found.headers = {
        "Retry-After": str(seconds),
        "RateLimit-Policy": f"{policy};q={rate.amount};w={rate.get_expiry()}",
        "RateLimit": f"{policy};r=0;t={seconds}",
    }
    return found


def seconds_until(
    rate: RateLimitItem, before: int, rest: float, count: int, _: float
) -> int:
    """Return after how many whole seconds one more may be sent, at least 1.

    What was sent in the window before counts by the share of it that still does, which
    is `rest` seconds.
    """
    window, free = rate.get_expiry(), rate.amount - 1
    if count <= free:  # what was before has to count less
        wait = rest - window * (free - count) / max(before, 1)
    else:  # this window has to be the one before, and to count less
        wait = rest + window * (1 - free / count)
    return max(1, math.ceil(wait))


def rate_of(text: str | None) -> RateLimitItem | None:
    """Return a rate, None for none.

    Raises
    ------
    CineSparkError
        If the text is none.
    """
    if text is None or text == "none":
        return None
    try:
        found = parse(text)
    except ValueError:
        found = None
    if found is None or found.amount < 1 or found.get_expiry() < 1:
        raise CineSparkError(
            f"{text!r} is no rate: write it as 600/minute, 20/second or none"
        )
    return found


@lru_cache(maxsize=4096)
def network_of(address: str | None) -> str:
    """Return in whose name an address asks: of IPv6, all of one customer are one."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return f"address {address}"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return f"address {found.ipv4_mapped}"
        return f"network {ipaddress.ip_network((found, NEIGHBOURS), strict=False)}"
    return f"address {found}"
