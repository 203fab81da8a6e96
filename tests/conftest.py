"""What every test shares: a property is judged on what it finds, never on how long a loaded machine takes."""

from hypothesis import HealthCheck, settings

settings.register_profile("binome", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("binome")
