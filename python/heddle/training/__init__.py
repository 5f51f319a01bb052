"""Networks that are trained: what is asked of them, gradients through time, and training itself."""

from heddle.training.begin import trainable_for
from heddle.training.checkpoint import load_trained
from heddle.training.gradient import value_and_gradient
from heddle.training.outputs import training_loss, training_outputs, training_states
from heddle.training.run import Training, train
from heddle.training.values import TrainableNetwork, TrainingTask
from heddle.training.words import motif_task, word_errors

__all__ = [
    "TrainableNetwork",
    "Training",
    "TrainingTask",
    "load_trained",
    "motif_task",
    "train",
    "trainable_for",
    "training_loss",
    "training_outputs",
    "training_states",
    "value_and_gradient",
    "word_errors",
]
