"""Networks that are trained: what is asked of them, gradients through time, and training itself."""

from heddle.training.gradient import value_and_gradient
from heddle.training.run import Training, train
from heddle.training.values import TrainableNetwork, TrainingTask

__all__ = ["TrainableNetwork", "Training", "TrainingTask", "train", "value_and_gradient"]
