"""The playlist: tracks that match a mood or lift it."""
