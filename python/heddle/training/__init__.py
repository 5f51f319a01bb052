"""Networks that are trained: what is asked of them, gradients through time, and training itself."""

from heddle.training.gradient import value_and_gradient
from heddle.training.values import TrainableNetwork, TrainingTask

__all__ = ["TrainableNetwork", "TrainingTask", "value_and_gradient"]
