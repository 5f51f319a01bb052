"""PyTorch on one thread, for tests that are skipped without it: `from torch_here import torch`."""

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed here")
torch.set_num_threads(1)
