"""Bad input on the command line: exit code 2, one sentence that names it, and no output."""

import h5py
import heddle
import numpy as np
import pytest
from conftest import TIME, curve, write_csv
