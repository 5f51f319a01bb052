"""From a linear design to a non-linear network: carry over, measure, repair, certify."""

from heddle._core import (
    CarriedLibrary,
    SequenceCertificate,
    SpectrumAlong,
    Survival,
    TrajectoryContraction,
    Tube,
    certify_sequences,
    survival,
    trajectory_contraction,
    tube,
)
from heddle.carrying.attraction import Attraction, region_of_attraction
from heddle.carrying.over import carry_over
from heddle.carrying.repair import Repair, repair
from heddle.carrying.training import motif_training, sequence_training

__all__ = [
    "Attraction",
    "CarriedLibrary",
    "Repair",
    "SequenceCertificate",
    "SpectrumAlong",
    "Survival",
    "TrajectoryContraction",
    "Tube",
    "carry_over",
    "certify_sequences",
    "motif_training",
    "region_of_attraction",
    "repair",
    "sequence_training",
    "survival",
    "trajectory_contraction",
    "tube",
]
