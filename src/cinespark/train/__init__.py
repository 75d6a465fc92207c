"""Learning predictors and rankers from tables.

BLAS has one thread in a process that learns. How it rounds sums depends on how many it
has, and what is learnt, and so what is published, is not to depend on the cores of a
machine, nor on what else learns at the time. Long work has threads of its own.
"""

from importlib import import_module

from threadpoolctl import threadpool_limits

import_module("scipy.linalg")  # SciPy brings a BLAS beside NumPy's
threadpool_limits(1, "blas")
