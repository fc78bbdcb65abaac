"""Spotify: the login and its token, the Web API and its errors, the player and the library."""

from device.imports import without

# Here, because this runs before any module of the package.
with without("redis"):
    import spotipy  # noqa: F401
