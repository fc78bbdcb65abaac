"""Spotify as it is: the login, its token, the Web API, and what its refusals mean."""
