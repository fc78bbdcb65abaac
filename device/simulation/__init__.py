"""Simulated hardware and services: complete second implementations of everything at the edge."""
