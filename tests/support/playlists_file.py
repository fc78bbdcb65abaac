"""Made-up content for ``playlists.json``."""

from device.playlist.tracks import COLUMNS, FORMAT, MOODS


def uri(number):
    return f"spotify:track:{number:022d}"


def line(number, **values):
    """A track; whatever is not given is the same for every track."""
    track = {
        "uri": uri(number),
        "title": "A song",
        "artist": "Somebody",
        "style": "rock",
        "language": "english",
        "cluster": 0,
        "valence": 0.5,
        "arousal": 0.5,
        "kind_valence": 0.5,
        "kind_arousal": 0.5,
        "tempo": 100,
        "energy": 0.5,
        "seconds": 200,
        "explicit": 0,
        "year": 1987,
        "pleasant": 0,
        **dict.fromkeys(MOODS, 0.5),
    }
    assert tuple(track) == COLUMNS
    return list((track | values).values())


def document(*lines):
    """The content of a file with one cluster."""
    clusters = [{"label": "slow, dark", "valence": 0.2, "arousal": 0.3}]
    return {"format": FORMAT, "clusters": clusters, "tracks": list(lines)}
