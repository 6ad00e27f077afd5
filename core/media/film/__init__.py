"""The demonstration's films: each drawn, scored and cut here, so that nothing large is kept with the code."""
