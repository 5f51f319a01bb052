"""Low-rank adapters: their files, and what they change."""

from heddle.adapters.comparison import AdapterComparison, ModuleComparison, compare_adapters
from heddle.adapters.dissection import AdapterDissection, ModuleDissection, dissect_adapter
from heddle.adapters.files import read_adapter, write_adapter
from heddle.adapters.modes import EigenvalueChange
from heddle.adapters.singular import SingularChange
from heddle.adapters.values import Adapter, AdapterModule

__all__ = [
    "Adapter",
    "AdapterComparison",
    "AdapterDissection",
    "AdapterModule",
    "EigenvalueChange",
    "ModuleComparison",
    "ModuleDissection",
    "SingularChange",
    "compare_adapters",
    "dissect_adapter",
    "read_adapter",
    "write_adapter",
]
