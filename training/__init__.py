"""Emotify's training: recordings and track tables in, models for the device out."""
