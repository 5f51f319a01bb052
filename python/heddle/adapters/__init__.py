"""Low-rank adapters: their files, and what they change."""

from heddle.adapters.files import read_adapter, write_adapter
from heddle.adapters.values import Adapter, AdapterModule

__all__ = ["Adapter", "AdapterModule", "read_adapter", "write_adapter"]
