"""Progress: how goals stand against the days that are gone."""
