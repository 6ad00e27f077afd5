"""HTTP: addresses, bodies, headers, limits, responses."""
