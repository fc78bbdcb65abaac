"""The style of music and the language of an artist, from the words of genres and tags."""

from collections.abc import Mapping

from device.playlist.preferences import LANGUAGES
from device.playlist.tracks import Style

_STYLES: Mapping[Style, str] = {
    Style.RAP: "rap, hop, hip hop, trap, drill, grime, crunk, gangster, hyphy, dirty south",
    Style.ELECTRONIC: "electronic, edm, house, techno, trance, dubstep, electro, electronica, dnb, "
    "drum and bass, drum n bass, idm, downtempo, trip, trip hop, big room, brostep, breakbeat, "
    "complextro, moombahton, hardstyle, eurodance, bass, deep house, progressive house",
    Style.SOUL: "soul, r&b, rnb, motown, funk, disco, quiet storm, urban contemporary, "
    "new jack swing, gospel, doo wop, blues",
    Style.FOLK: "folk, country, bluegrass, americana, singer songwriter, songwriter, acoustic, "
    "celtic, alt country",
    Style.JAZZ: "jazz, soundtrack, classical, swing, big band, bossa nova, lounge, score, "
    "adult standards, orchestra, orchestral, easy listening, broadway, show tunes, opera, "
    "neoclassical, new age, exotica, movie tunes, tunes, hollywood, disney, piano",
    Style.ROCK: "rock, metal, punk, grunge, hardcore, emo, britpop, new wave, post punk, shoegaze, "
    "indie, alternative, screamo, rockabilly, surf, indie rock, classic rock, alternative rock",
    Style.LATIN: "latin, latino, latina, reggaeton, salsa, bachata, cumbia, mariachi, banda, "
    "norteno, ranchera, brazilian, mpb, samba, sertanejo, pagode, forro, merengue, tango, "
    "flamenco, mexican, reggae, dancehall, ska, afrobeat, world, filmi",
    Style.POP: "pop, dance pop, europop, boy band, girl group, idol",
}  # fmt: skip

_POP_WEIGHT = 0.5
"""Nearly every artist has some word with "pop" in it."""

_LANGUAGES: Mapping[str, str] = {
    "spanish": "latin, latino, latina, reggaeton, bachata, cumbia, mariachi, banda, norteno, "
    "ranchera, mexican, spanish pop, spanish rock, espanol, chileno, salsa, merengue, flamenco",
    "portuguese": "brazilian, mpb, samba, sertanejo, pagode, forro, carioca, portuguese pop",
    "german": "german hip hop, deep german hip hop, german pop, german rock, deutsch, deutschrock, "
    "schlager, liedermacher, neue deutsche welle",
    "french": "french hip hop, french pop, french rock, francais, francoton, chanson",
    "italian": "italian pop, classic italian pop, italian hip hop, italian arena pop, italiano",
    "dutch": "dutch hip hop, dutch pop, nederpop",
    "korean": "k pop, korean, k pop girl group, k pop boy group, k rap",
    "japanese": "j pop, japanese, j rock, j poprock, anime",
    "chinese": "mandopop, cantopop, classic mandopop, classic cantopop",
    "indian": "filmi, desi, hindi, punjabi, bollywood",
    "filipino": "opm, pinoy",
    "turkish": "turkish",
}

"""Languages that most artists of a genre sing in."""


def _by_word(listed: Mapping) -> dict[str, list]:
    found: dict[str, list] = {}
    for value, words in listed.items():
        for word in words.split(","):
            found.setdefault(word.strip(), []).append(value)
    return found


_STYLE_OF = _by_word(_STYLES)
_LANGUAGE_OF = _by_word(_LANGUAGES)


def style_of(words: Mapping[str, float]) -> Style:
    """The style that most words are of; :attr:`Style.OTHER` when none is known."""
    votes = dict.fromkeys(Style, 0.0)
    for word, weight in words.items():
        for style in _STYLE_OF.get(word, ()):
            votes[style] += weight * (_POP_WEIGHT if style is Style.POP else 1)
    return max(votes, key=votes.__getitem__) if any(votes.values()) else Style.OTHER


def language_of(words: Mapping[str, float]) -> str:
    """The language that most words tell; English when none does."""
    votes = dict.fromkeys(_LANGUAGES, 0.0)
    for word, weight in words.items():
        for language in _LANGUAGE_OF.get(word, ()):
            votes[language] += weight
    best = max(votes, key=votes.__getitem__)
    # One word among many, such as "latin" for an American singer, does not tell.
    return best if votes[best] > 0.15 * sum(words.values()) else LANGUAGES[0]
