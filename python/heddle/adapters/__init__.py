"""Low-rank adapters: their files, what they change, and how to make them."""

from heddle.adapters.comparison import AdapterComparison, ModuleComparison, compare_adapters
from heddle.adapters.design import AdapterDesign, design_adapter
from heddle.adapters.dissection import AdapterDissection, ModuleDissection, dissect_adapter
from heddle.adapters.files import read_adapter, write_adapter
from heddle.adapters.modes import EigenvalueChange
from heddle.adapters.singular import SingularChange
from heddle.adapters.sums import AdapterSum, AdapterSwitching, add_adapters, certify_adapters
from heddle.adapters.values import Adapter, AdapterModule

__all__ = [
    "Adapter",
    "AdapterComparison",
    "AdapterDesign",
    "AdapterDissection",
    "AdapterModule",
    "AdapterSum",
    "AdapterSwitching",
    "EigenvalueChange",
    "ModuleComparison",
    "ModuleDissection",
    "SingularChange",
    "add_adapters",
    "certify_adapters",
    "compare_adapters",
    "design_adapter",
    "dissect_adapter",
    "read_adapter",
    "write_adapter",
]
