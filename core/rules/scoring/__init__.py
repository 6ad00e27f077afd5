"""From marks to places: sheets, scoring methods, ranking, ties."""
