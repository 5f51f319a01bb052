"""The figure of carried libraries draws what they perform and where their eigenvalues are."""

import numpy as np
import pytest

import heddle
from heddle import plot
from heddle.plot.style import ACCENT, SECOND

TIME = np.linspace(0, 0.2, 41)


@pytest.fixture(scope="module")
def libraries():
    values = np.column_stack([np.sin(30 * TIME), np.cos(30 * TIME) - 1])
    motifs = [heddle.Motif("ring", values, TIME[1]), heddle.Motif("line", 2 * values, TIME[1])]
    library = heddle.design(motifs, n=40, g=0.8, loops=4, seed=2)
    return {f"a = {a}": heddle.carry_over(library, amplitude=a) for a in (0.01, 0.4)}


def test_outputs_are_drawn_on_the_target_and_titled_by_their_errors(libraries):
    figure = plot.carried(libraries, points=3)
    ring = figure.axes[0]
    target, weak, strong = ring.get_lines()
    values = libraries["a = 0.01"].library["ring"].motif.values
    np.testing.assert_array_equal(target.get_xydata(), values)
    assert (weak.get_color(), strong.get_color()) == (SECOND, ACCENT)
    errors = [heddle.survival(net, points=0).error[0] for net in libraries.values()]
    drawn = [heddle.normalised_error(line.get_xydata(), values) for line in (weak, strong)]
    np.testing.assert_allclose(drawn, errors, rtol=1e-6)
    assert ring.get_title(loc="left") == f"ring: error {errors[0]:.2g}, {errors[1]:.2g}"


def test_eigenvalues_are_drawn_beside_their_places(libraries):
    below = plot.carried(libraries, points=3).axes[2]
    weak, strong, placed = below.get_lines()
    spectrum = heddle.survival(libraries["a = 0.4"], points=3).spectra[0]
    np.testing.assert_allclose(strong.get_xdata(), spectrum.found.ravel().real)
    np.testing.assert_allclose(placed.get_ydata(), spectrum.placed.imag)
    assert len(weak.get_xdata()) == len(strong.get_xdata())


def test_more_libraries_than_colours_are_refused(libraries):
    with pytest.raises(heddle.DomainError, match="libraries: found 5"):
        plot.carried({str(i): libraries["a = 0.4"] for i in range(5)})
    with pytest.raises(heddle.DomainError, match="libraries: found 0"):
        plot.carried({})
