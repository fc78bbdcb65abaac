"""Themes of titles."""

import datetime

import pytest

from device.playlist.themes import NEVER, Theme, Themes, is_christmas, plain

MUST_GO = """
Suicidal - YNW Melly
Suicidal Thoughts - 2005 Remaster - The Notorious B.I.G.
Kill Yourself (Part III) - $uicideBoy$
Don't Try Suicide - Remastered 2011 - Queen
The Art of Suicide - Emilie Autumn
$uicide - Somebody
SÜICIDE - Somebody
Murder On My Mind - YNW Melly
Murder - UGK
Miss Murder - AFI
Getting Away With Murder - Papa Roach
The Words That Maketh Murder - PJ Harvey
Homicide (feat. Eminem) - Logic
Natural Born Killaz - Dr. Dre
Serial Killa (feat. The D.O.C.) - Snoop Dogg
Killing Spree - Logic
KILLING ME - iKON
Killin' Me - Jelly Roll
KILL4ME - Marilyn Manson
Kill Me - Somebody
I'll Still Kill - 50 Cent
How I Could Just Kill A Man - Cypress Hill
Killing In The Name - Rage Against The Machine
Overdose - Ciara
Overdosed - Somebody
Sobredosis (feat. Ozuna) - Romeo Santos
Überdosis - Jemand
Make Me Wanna Die - The Pretty Reckless
I Just Wanna Die - Geto Boys
Ready to Die - 2006 Remaster - The Notorious B.I.G.
Let Me Die - Somebody
Better Off Dead - Somebody
Russian Roulette - Rihanna
Pull The Trigger - Russ
Shoot Him Down - Alice Francis
Bury Me Alive - Kelvyn Colt
Asesina - Remix - Brytiago
Me Mata - Bad Bunny
Si Me Quieren Matar - Delaossa
Quiero Morir - Alguien
Selbstmord - Jemand
Ich will sterben - Jemand
Suicidaire - Quelqu'un
Envie de mourir - Quelqu'un
Voglio morire - Qualcuno
Quero Morrer - Alguém
자살 - Somebody
Hot N*gga - Bobby Shmurda
Ni**as In Paris - JAY-Z
My Nigga - YG
Adam's Song - blink-182
Last Resort - Papa Roach
SAD! - XXXTENTACION
1-800-273-8255 - Logic
Hair Dryer for Deep Sleep - White Noise Machine
Florida Rain Storm - Mother Nature Sound FX
Suburban Forest Rain 2 - Aquagirl
"""

MUST_STAY = """
Killing Me Softly With His Song - Fugees
Killing Me Softly With His Song - Roberta Flack
Murder On The Dancefloor - Sophie Ellis-Bextor
I'm Real - Murder Remix - Jennifer Lopez
Kill Em With Kindness - Selena Gomez
Stronger (What Doesn't Kill You) - Kelly Clarkson
Killer Queen - Remastered 2011 - Queen
Killer - Seal
Mr. Brightside - The Killers
Bitch, Don't Kill My Vibe - Kendrick Lamar
Video Killed The Radio Star - The Buggles
A Little Party Never Killed Nobody - Fergie
If Looks Could Kill - Heart
A View To A Kill - Duran Duran
The Killing Moon - Echo & the Bunnymen
Live And Let Die - Paul McCartney
Die Young - Kesha
(I Just) Died In Your Arms - Cutting Crew
Dead Or Alive - Bon Jovi
I Shot The Sheriff - Eric Clapton
Shooting Star - Bad Company
Shoot to Thrill - AC/DC
Hit Me With Your Best Shot - Pat Benatar
Top Gun Anthem - Harold Faltermeyer
Drowning In The Sea Of Love - Joe Simon
Everybody Hurts - R.E.M.
Love Hurts - Nazareth
Hurts So Good - John Mellencamp
Bleeding Love - Leona Lewis
Bad Blood - Taylor Swift
Hate That I Love You - Rihanna
Crazy In Love - Beyoncé
Poison - Bell Biv DeVoe
Matador - Jory Boy
El Mata Mosquito - Alguien
Una Nueva Canción (feat. Kike Pavón) - Alex Zurdo
Gypsy - Fleetwood Mac
Negro Spiritual - Somebody
Assets - Somebody
Grape Vine - Somebody
Therapist - Somebody
Scunthorpe - Somebody
Modern Love - David Bowie
Tödliche Langeweile - Jemand
Die Gedanken sind frei - Jemand
Muerte En Hawaii - Calle 13
Hang On Sloopy - The McCoys
You Keep Me Hangin' On - The Supremes
Drive By - Train
Hurt - Christina Aguilera
Jumpin' Jumpin' - Destiny's Child
Here Comes The Rain Again - Eurythmics
Purple Rain - Prince
Sleep On The Floor - The Lumineers
"""


def tracks(text):
    return [tuple(line.rsplit(" - ", 1)) for line in text.strip().splitlines()]


@pytest.fixture(scope="module")
def themes():
    return Themes()


@pytest.mark.parametrize(("title", "artist"), tracks(MUST_GO))
def test_what_could_hurt_somebody_is_never_played(themes, title, artist):
    assert themes.of(title, artist) & NEVER


@pytest.mark.parametrize(("title", "artist"), tracks(MUST_STAY))
def test_titles_that_only_have_such_words_stay(themes, title, artist):
    assert not themes.of(title, artist) & NEVER


def test_there_are_fifty_of_each():
    assert len(tracks(MUST_GO)) >= 50
    assert len(tracks(MUST_STAY)) >= 50


def test_the_owner_can_avoid_more_and_allow_some():
    themes = Themes(avoided="spiders, Blue  Moon", allowed="Murder, Adam's song")
    assert themes.of("Boris the SPIDERS", "The Who") & NEVER
    assert themes.of("Blue Moon (Live)", "Somebody") & NEVER
    assert not themes.of("Blue Monday", "New Order") & NEVER
    assert not themes.of("Miss Murder", "AFI") & NEVER
    assert not themes.of("Adam's Song", "blink-182") & NEVER
    assert themes.of("Suicidal", "Somebody") & NEVER


@pytest.mark.parametrize(
    ("title", "theme"),
    [
        ("Last Christmas", Theme.CHRISTMAS),
        ("Feliz Navidad", Theme.CHRISTMAS),
        ("Santa Baby", Theme.CHRISTMAS),
        ("Santa Monica", Theme.NOTHING),
        ("Graveyard", Theme.GRIM),
        ("Never Give Up", Theme.NOTHING),
        ("Give Up", Theme.GRIM),
        ("Fuck You", Theme.PROFANE),
        ("Freek'n You", Theme.EROTIC),
        ("Essex", Theme.NOTHING),
        ("Tropical Rainforest, Nature Sounds", Theme.NOISE),
        ("", Theme.NOTHING),
        ("*", Theme.NOTHING),
    ],
)
def test_other_themes(themes, title, theme):
    assert themes.of(title, "Somebody") == theme


@pytest.mark.parametrize(
    ("day", "in_season"),
    [((11, 30), False), ((12, 1), True), ((12, 31), True), ((1, 6), True), ((1, 7), False),
     ((7, 1), False)],
)  # fmt: skip
def test_christmas_lasts_from_december_to_epiphany(day, in_season):
    assert is_christmas(datetime.date(2027, *day)) is in_season


def test_words_are_compared_without_accents_capitals_and_punctuation():
    assert plain("  Ça ira — $UICIDE (Don't!) ") == "ca ira suicide don t"
