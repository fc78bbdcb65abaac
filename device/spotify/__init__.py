"""Spotify: the login and its token, the Web API and its errors, the player and the library."""
