"""Laws are tried on shared machines, where an example now and then takes long: none fails for that."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
