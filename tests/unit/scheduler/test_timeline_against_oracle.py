"""The timeline beside a slow one that shares no code with it, over random programmes."""

from datetime import timedelta
from itertools import islice

import pytest

from scheduler.picture import Picture
from scheduler.timeline import Timeline
from scheduler.wallclock import from_ms
from tests.oracles.random_programmes import random_instants, random_programme
from tests.oracles.timeline_oracle import Answer, Oracle, ms

#: Instants asked about in each programme; near edges of windows, items and takeovers.
INSTANTS = 8
#: Programmes in one test; the seeds go on from one to the next.
BATCH = 125
BATCHES = 10
DEEP_BATCHES = 100


def as_answer(picture: Picture) -> Answer:
    because = picture.because
    return Answer(
        picture.layout,
        because and because.kind,
        because and because.id,
        because and ms(because.anchor),
        tuple(
            sorted(
                (zone, showing and (showing.item, ms(showing.since), ms(showing.until)))
                for zone, showing in picture.zones.items()
            )
        ),
    )


def differences(seed: int, instants: int = INSTANTS) -> list[str]:
    """Where the timeline and the oracle disagree about one random programme."""
    manifest, centre, unplayable = random_programme(seed)
    oracle = Oracle(manifest, centre + timedelta(days=11), unplayable)
    timeline = Timeline(manifest)
    found = []
    for t in islice(random_instants(seed, centre, oracle.edges), instants):
        picture = timeline.picture_at(from_ms(t), unplayable)
        expected, _turn_end = oracle.at(t)
        if as_answer(picture) != expected:
            found.append(f"seed {seed} at {from_ms(t)}: {as_answer(picture)}, not {expected}")
        found += [
            f"seed {seed} at {from_ms(t)}: offset of {showing}"
            for showing in picture.zones.values()
            if showing is not None and showing.offset_ms != t - ms(showing.since)
        ]
        change = ms(timeline.next_change_after(from_ms(t), unplayable))
        if change != oracle.next_change(t):
            found.append(
                f"seed {seed} after {from_ms(t)}: changes at {from_ms(change)}, "
                f"not {from_ms(oracle.next_change(t))}"
            )
    return found


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_timeline_agrees_with_the_oracle(batch):
    found = [line for n in range(BATCH) for line in differences(batch * BATCH + n)]
    assert not found, "\n".join(found[:5])


@pytest.mark.deep
@pytest.mark.parametrize("batch", range(BATCHES, BATCHES + DEEP_BATCHES))
def test_the_timeline_agrees_with_the_oracle_at_length(batch):
    test_the_timeline_agrees_with_the_oracle(batch)
