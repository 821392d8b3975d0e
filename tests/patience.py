"""How long anything may take before it counts as broken: the machine may be old, and busy with other tests."""

PATIENCE = 60  # seconds
