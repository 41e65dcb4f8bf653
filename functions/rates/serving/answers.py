"""Find the quotes that a request of either version asks for."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, Self

from rates.history import BASE
from rates.quotes import Comparison, Quotes, Terms, changes, convert, on_day, without_empty_days
from rates.serving.errors import HttpError, not_found
from rates.serving.query import EACH_DAY, Query
from rates.serving.representation import JSON
from rates.serving.snapshot import Position, Snapshot
from rates.storage.documents import Latest

REVERSED = ": the range ends before it begins"
DAYS_AHEAD = 14  # after the latest publication: invoices are dated ahead


class Answer(NamedTuple):
    """The content of a 200."""

    body: str
    media_type: str = JSON
    settled: bool = False  # True: it is about dates before the latest publication
    varies: bool = False  # True: another Accept header may give another representation
    timed: bool = False  # True: it changes with the time of day
    named: bool = False  # True: it has names or fields that another version of this code may change
    ends_today: bool = False  # True: it lacks days of the request that are in the future


class Moment(NamedTuple):
    """The time of a request (aware), and the time of the daily update, both in UTC."""

    now: datetime
    update_time: time
    is_past: bool = False  # True: the request asks for a revision, and `now` depends on that alone

    @property
    def today(self) -> str:
        return self.now.date().isoformat()

    def of_revision(self, latest: Latest) -> Self:
        """Return the moment for which a given revision answers: a fixed time after it was published."""
        now = datetime.fromisoformat(latest.updated_at) + timedelta(days=DAYS_AHEAD)
        return self._replace(now=now, is_past=True)

    def last_day(self, newest: str) -> str:
        """Return the last date that a single date may be. `newest` is the date of the latest publication."""
        tomorrow = self.now.date() + timedelta(days=1)
        return max(tomorrow, date.fromisoformat(newest) + timedelta(days=DAYS_AHEAD)).isoformat()


Compute = Callable[[Snapshot, Moment], Answer]


def quotes(query: Query, snapshot: Snapshot, moment: Moment) -> list[Quotes]:
    """Return the quotes of a request, in blocks without empty days; [] if nothing was quoted.

    Raises a 404 if there is no publication for its dates.
    """
    if query.dates.is_range:
        blocks = _range(query, snapshot, moment)
    else:
        blocks = [_quoted(_publication(query, snapshot, moment), query.terms)]
    return [block for block in map(without_empty_days, blocks) if block.columns]


def compared(query: Query, snapshot: Snapshot, moment: Moment) -> Comparison:
    """Return the changes that a request asks for. Raises a 404 if there are none."""
    if query.dates.is_range:
        first, last = _days(query, snapshot, moment)
        start, end = snapshot.on_or_before(first, min(last, snapshot.latest.publication.date))
    else:
        end, start = snapshot.with_previous(_asked(query, snapshot, moment))
    if end is None:
        raise not_found(f"no publication on or before {query.dates.end or query.dates.start}")
    if start is None or start.date >= end.date:
        raise not_found(f"no publication before {end.date} to compare with")
    before, after = (on_day(_quoted(position, query.terms)) for position in (start, end))
    rates = changes(before, after)
    if not rates:
        raise not_found(nothing_quoted(query, snapshot))
    return Comparison(start.date, end.date, rates)


def current_codes(latest: Latest) -> list[str]:
    """Return the currencies of the latest publication and the euro, sorted."""
    return sorted({BASE, *latest.publication.rates})


def is_settled(query: Query, snapshot: Snapshot) -> bool:
    """Return True if a request is about dates before the latest publication."""
    end = query.dates.end if query.dates.is_range else query.dates.start
    return end is not None and end < snapshot.latest.publication.date


def ends_today(query: Query, moment: Moment) -> bool:
    """Return True if a request asks for each day of a range that ends in the future."""
    return query.group == EACH_DAY and query.dates.end is not None and query.dates.end > moment.today


def nothing_quoted(query: Query, snapshot: Snapshot) -> str:
    """Return the reason why a request gets no quotes although there is a publication."""
    spans = snapshot.latest.currencies
    base, symbols = query.terms.base, query.terms.symbols
    wanted = [base] if symbols is None else [base, *sorted(symbols - {base})]
    unknown = [code for code in wanted if code != BASE and code not in spans]
    if unknown:
        return f"unknown currency: {', '.join(unknown)}"
    if symbols is not None and not symbols - {base}:
        return f"no currency but the base {base}"
    first = query.dates.start or snapshot.latest.publication.date
    last = (query.dates.end or first) if query.dates.is_range else first
    for code in wanted:
        begun, ended = spans.get(code, (first, last))
        if ended < first:
            return f"{code} was last quoted on {ended}"
        if begun > last:
            return f"{code} was first quoted on {begun}"
    return f"not quoted on these dates: {', '.join(code for code in wanted if code != BASE)}"


def _quoted(position: Position, terms: Terms) -> Quotes:
    """Return the quotes of one publication."""
    return convert(position.year, slice(position.row, position.row + 1), terms)


def _publication(query: Query, snapshot: Snapshot, moment: Moment) -> Position:
    """Return the publication of a single date, or the latest one. Raises a 404 if there is none."""
    asked = _asked(query, snapshot, moment)
    if query.on == "next":
        position, place = snapshot.on_or_after(asked), f"on or after {asked} yet"
    elif query.on == "before":
        position, place = snapshot.before(asked), f"before {asked}"
    else:
        (position,) = snapshot.on_or_before(asked)
        place = f"on or before {asked}"
        if query.on == "exact" and (position is None or position.date != asked):
            position, place = None, f"on {asked}"
    if position is None:
        raise not_found(f"no publication {place}")
    return position


def _asked(query: Query, snapshot: Snapshot, moment: Moment) -> str:
    """Return the date of a request. Raises a 404 if it is too far in the future."""
    newest = snapshot.latest.publication.date
    asked = query.dates.start or newest
    if asked > moment.last_day(newest):
        raise not_found(f"{asked} is in the future")
    return asked


def _days(query: Query, snapshot: Snapshot, moment: Moment) -> tuple[str, str]:
    """Return the first and the last day of a range, from the first publication on. Raises a 404 if it begins
    after today."""
    start, end = query.dates.start or moment.today, query.dates.end or moment.today
    if start > moment.today:
        raise not_found(f"{start} is in the future")
    return max(start, snapshot.latest.first_date), end


def _range(query: Query, snapshot: Snapshot, moment: Moment) -> list[Quotes]:
    """Return the quotes of a range, by publication, group or day. Raises a 404 if it has no publication."""
    start, end = _days(query, snapshot, moment)
    if query.group == EACH_DAY:
        return _each_day(query, snapshot, start, min(end, moment.today))
    years = snapshot.years(start, end)
    if years and not query.group:
        # The range begins with the newest publication on or before its first day.
        start = years[0].dates[years[0].span("", start).stop - 1]
    spans = [year.span(start, end) for year in years]
    if not any(span.start < span.stop for span in spans):
        raise _no_publication(query, end)
    if query.group is None:
        return [convert(year, span, query.terms) for year, span in zip(years, spans, strict=True)]
    from rates import groups  # few requests need it

    if query.value == "last":
        return groups.lasts(years, start, end, query.group, query.terms)
    return [groups.means(years, start, end, query.group, query.terms)]


def _each_day(query: Query, snapshot: Snapshot, start: str, end: str) -> list[Quotes]:
    """Return the quotes of each day of a range. Raises a 404 if no day has a publication."""
    from rates import groups

    latest = snapshot.latest
    if query.dates.end is None:
        end = latest.publication.date
    if start > end:  # which may be in the year 0, which `date` lacks
        raise _no_publication(query, end)
    # The publication of the first day may be in the year before, that of the last day in the year after.
    first = (date.fromisoformat(start) - timedelta(days=1)).isoformat() if query.on == "before" else start
    last = next((entry.first_date for entry in latest.years.values() if entry.last_date >= end), end)
    blocks = groups.each_day(snapshot.years(first, max(end, last)), start, end, query.on, query.terms)
    if not blocks:
        raise _no_publication(query, end)
    return blocks


def _no_publication(query: Query, end: str) -> HttpError:
    is_reversed = query.dates.end and (query.dates.start or "") > end
    return not_found(f"no publication from {query.dates.start} to {end}{REVERSED if is_reversed else ''}")
