"""The affect model, the playlists that Emotify comes with, and how good they are."""
