"""Emotify's device: press, microphone, speech, features, emotion, mood, playlist, player, light."""
