"""Emotion: from speech to the probabilities of the eight emotions."""
