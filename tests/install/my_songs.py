"""300 made-up songs as Exportify exports them; the first one lacks a feature: my_songs.py FILE."""

import csv
import random
import sys

chance = random.Random(0)
names = [
    "Danceability",
    "Energy",
    "Loudness",
    "Speechiness",
    "Acousticness",
    "Instrumentalness",
    "Valence",
    "Tempo",
]
with open(sys.argv[1], "w", newline="") as file:
    table = csv.writer(file)
    table.writerow(["Track URI", "Track Name", "Artist Name(s)", "Duration (ms)", *names])
    for number in range(300):
        values = [round(chance.random(), 3) for _ in names]
        values[2], values[-1] = -20 * chance.random(), 60 + 120 * chance.random()
        if number == 0:
            values[0] = ""
        table.writerow(
            [
                f"spotify:track:{number:022}",
                f"Song {number}",
                f"Artist {number % 90}",
                200_000,
                *values,
            ]
        )
