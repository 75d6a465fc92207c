"""The loader that models registered before the rooms name: today's is track/pyfunc."""

from cinespark.track.pyfunc import _load_pyfunc as _load_pyfunc
