"""The main job, on recorded handwriting: 26 lower-case letters, one network, any order."""

import string
from pathlib import Path

import numpy as np
import pytest

import heddle

DATA = Path(__file__).parents[3] / "shared" / "data" / "uji"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the recordings are not beside the project"
)
WRITERS = [1, 2, 3, 4, 5, 6, 7]


@pytest.fixture(scope="module")
def libraries() -> dict[int, heddle.Library]:
    """One network of 500 units for each writer; six loops a letter, a letter a second (100 τ)."""
    return {
        writer: heddle.design(
            heddle.read_unipen(
                DATA / f"UJIpenchars-w0{writer}.txt",
                characters=string.ascii_lowercase,
                duration=1.0,
                samples=201,
            ),
            n=500,
            g=0.9,
            seed=1,
            loops=6,
        )
        for writer in WRITERS
    }


def test_most_letters_need_at_most_twelve_mode_pairs_for_an_error_of_one_in_a_thousand(libraries):
    fits = [design.fit for library in libraries.values() for design in library.motifs]
    assert len(fits) == 7 * 26
    assert max(len(fit.eigenvalues) for fit in fits) <= 12
    assert np.mean([fit.error <= 1e-3 for fit in fits]) >= 0.95


def test_every_letter_has_at_most_six_loops_and_is_trusted(libraries):
    designs = [design for library in libraries.values() for design in library.motifs]
    assert max(design.loops.u.shape[1] for design in designs) <= 6
    assert all(design.trusted for design in designs)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_random_sequence_of_letters_has_no_failed_transition(libraries, writer):
    library = libraries[writer]
    assert library.preparation.duration <= 15 * library.network.tau + 1e-12
    assert library.preparation.loops.u.shape[1] <= 0.2 * 500 + 1
    names = [design.motif.name for design in library.motifs]
    # The full length for one writer here, for all of them in bench/handwriting.py.
    length = 1000 if writer == 1 else 100
    sequence = [names[i] for i in np.random.default_rng(writer).integers(26, size=length)]
    run = heddle.perform(library, sequence)
    assert not any(item.failed for item in run.items)
    for item in run.items:
        fit = library.motifs[item.motif].fit.error
        assert abs(item.isolated_error - fit) <= max(1e-6, 0.01 * fit)
        assert item.error <= item.isolated_error + 1e-3


def test_the_contraction_of_all_transitions_is_below_one(libraries):
    transitions = heddle.transitions(libraries[1])
    assert transitions.q < 1
    assert transitions.radius < 1
    assert transitions.safe_time < libraries[1].preparation.duration
    assert np.max(transitions.error) < 0.05
