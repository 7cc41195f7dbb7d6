"""Is the memory store what every store should be?"""

from kompetanse_adapters.memory import MemoryStore
from kompetanse_core.conformance import store_contract

TestMemory = store_contract(MemoryStore)
