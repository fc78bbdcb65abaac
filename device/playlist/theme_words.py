"""The words and phrases of :mod:`device.playlist.themes`, as :func:`~device.playlist.themes.plain`
writes them: no accents, capitals or punctuation. A comma separates two phrases.
"""

HARMFUL = """
suicide, suicides, suicidal, suicida, suicidas, suicidio, suicidarme, suicidaire, suicideboy,
suizid, selbstmord, selbstmorder, zelfmoord, sjalvmord, selvmord, samobojstwo, intihar, bunuh
diri, seppuku, harakiri, self harm, selfharm, cut myself, cutting myself, slit my wrists, slit
your wrists, cut my wrists, razor blade, razorblade, razor blades, razorblades, noose, hang
myself, hang yourself, hanging myself, drown myself, shoot myself, bury myself, hurt myself,
kill myself, killing myself, killin myself, kill yourself, killing yourself, kill urself, kys,
kill me, killing me, killin me, kills me, killed me, kills you slowly, kill4me, i want to die,
wants to die, wanted to die, wanna die, i should die, let me die, ready to die, better off dead,
wish i was dead, wish i were dead, end my life, end it all, ending it all, end me, take my life,
took my life, taking my life, goodbye cruel world, russian roulette, quiero morir, quisiera
morir, quiero morirme, quero morrer, veux mourir, envie de mourir, voglio morire, ich will
sterben, will ich sterben, bring mich um, tote mich, matarme, me mata, me matas, me matan, me
quieren matar, me tue, tue moi, uccidimi, ammazzami,

overdose, overdoses, overdosed, overdosing, uberdosis, sobredosis, surdose,

murder, murders, murdered, murderer, murderers, murdering, murderous, homicide, homicides,
homicidal, homicidio, omicidio, massacre, massacres, genocide, manslaughter, slaughter,
slaughtered, assassin, assassins, assassination, assassino, assassina, assassinio, asesino,
asesina, asesinos, asesinato, assassinat, meurtre, meurtrier, mord, morder, moord, moordenaar,
uccidere, ammazzare, matar, tuer, totschlag, totschlager, umbringen, toten, cinayet, morderstwo,
kill you, kill u, kill ya, kill him, kill her, kill them, kill us, kill em all, kill a man, kill
a woman, kill somebody, kill someone, kill everybody, kill everyone, kill your, kill for, kill
kill, i ll kill, still kill, gonna kill, going to kill, killing spree, killing you, killing him,
killing her, killing them, killing everybody, killing floor, killing fields, killing in the
name, the killing, killed him, killed her, killed them, killed a man, killed my, serial killer,
serial killers, serial killa, cereal killer, psycho killer, born killer, born killers, born
killaz, ghostface killers, shoot to kill, shoot you, shoot him, shoot her, shoot em up, shot me
down, shot him down, shot her down, gunshot, gunshots, gun go off, killshot, pull the trigger,
school shooting, school shooter, drive by shooting, stab you, stabbed, strangle, strangled,
behead, beheaded, lynch, lynching, rape, raped, raping, rapist, die mf die, die motherfucker
die, buried alive, bury me alive, snuff film,

nigger, niggers, nigga, niggas, niggaz, niggah, faggot, faggots, fag, fags, tranny, trannies,
shemale, chink, chinks, wetback, wetbacks, paki, pakis, retard, retards, retarded, kanake,
kanaken, maricon, maricones, half breed, negro de mierda, viado, schwuchtel
"""
"""Self-harm, suicide, killing, overdose, violence against somebody, and slurs."""

HARMFUL_CHARACTERS = (
    "자살", "살인", "自殺", "自杀", "殺人", "杀人", "самоубий", "убийств", "انتحار",
)  # fmt: skip
"""The same in writing without these words or without spaces; found anywhere in a title."""

NOT_HARMFUL = """
killing me softly, murder on the dancefloor, murder remix, murder she wrote, murder inc, kill em
with kindness, kill them with kindness, kill your darlings, kill your heroes, kill your lights,
what doesn t kill you, the killing moon, matar el tiempo, tuer le temps, stop me from killing
time, die zeit totschlagen, overdose of love
"""
"""Phrases with such words that mean something else."""

HARMFUL_SONGS = """
last resort - papa roach,
adam s song - blink 182,
whiskey lullaby - brad paisley,
1 800 273 8255 - logic,
jumper - third eye blind,
jeremy - pearl jam,
gloomy sunday - billie holiday,
pumped up kicks - foster the people,
janie s got a gun - aerosmith,
hurt - nine inch nails,
hurt - johnny cash,
stan - eminem,
kim - eminem,
97 bonnie clyde - eminem,
fade to black - metallica,
asleep - the smiths,
a tout le monde - megadeth,
polly - nirvana,
sad - xxxtentacion,
jocelyn flores - xxxtentacion,
bury a friend - billie eilish,
listen before i go - billie eilish,
brenda s got a baby - 2pac,
run joey run - david geddes,
tell laura i love her - ray peterson,
teen angel - mark dinning,
emma - hot chocolate,
moody river - pat boone,
vincent - don mclean,
alone again naturally - gilbert o sullivan,
delilah - tom jones,
the freshmen - the verve pipe,
concrete angel - martina mcbride,
luka - suzanne vega,
ode to billie joe - bobbie gentry,
coward of the county - kenny rogers,
goodbye earl - the chicks,
goodbye earl - dixie chicks,
i don t like mondays - the boomtown rats,
hey man nice shot - filter,
youth of the nation - p o d,
when i m gone - eminem,
the kill - thirty seconds to mars,
ruby don t take your love to town - kenny rogers,
seasons in the sun - terry jacks,
green green grass of home - tom jones,
laurie strange things happen - dickey lee,
no vaseline - ice cube,
run for your life - the beatles,
used to love her - guns n roses
"""
"""Title and artist of songs about suicide, killing or abuse whose titles do not say so."""

GRIM = """
die, dies, died, dying, dead, death, deaths, deathbed, kill, kills, killer, killers, killing,
killed, killa, grave, graves, graveyard, cemetery, coffin, casket, funeral, tombstone, bury,
buried, corpse, blood, bloody, bleed, bleeds, bleeding, gun, guns, bullet, bullets, knife,
knives, trigger, satan, demon, demons, hopeless, worthless, useless, hate, hates, hated, nobody
loves me, nobody cares, drown, drowning, drowned, suffocate, suffocating, poison, cyanide, pain,
agony, misery, miserable, despair, give up, giving up, end of the world, no hope, last breath,
go to hell, burn in hell, muerte, muerto, muerta, muertos, morir, morire, morirme, muriendo,
morte, morto, morta, morrer, mort, mourir, mourrai, tod, sterben, stirbt, sterbe, odio, hass,
haine, enfer, infierno, dolor
"""
"""Death, weapons, hate and despair: for nobody but the angry."""

NOT_GRIM = """
never die, never dies, die for you, died for you, live and let die, drop dead gorgeous, killer
queen, top gun, machine gun kelly, no pain, never give up, don t give up, never giving up, not
giving up
"""

CHRISTMAS = """
christmas, christmastime, xmas, x mas, santa, santa claus, noel, navidad, natal, natale,
weihnacht, weihnachten, weihnachtszeit, jingle bells, jingle bell, sleigh, sleigh ride, rudolph,
reindeer, mistletoe, holly jolly, let it snow, winter wonderland, silent night, stille nacht,
holy night, frosty the snowman, snowman, deck the halls, drummer boy, auld lang syne, yuletide,
nutcracker, chestnuts roasting, most wonderful time of the year, baby it s cold outside, happy
holiday, happy holidays, home alone, grinch
"""

NOT_CHRISTMAS = """
santa monica, santa fe, santa maria, santa muerte, santa cruz, santa rosa, santa barbara, santa
esmeralda, santa ana, santa lucia, santa catarina, semana santa, tierra santa, la santa, mala
santa, noel gallagher
"""

NOISE = """
white noise, brown noise, pink noise, rain sounds, rain sound, sound of rain, sounds of rain,
nature sounds, nature sound, sounds of nature, sound of nature, ocean waves, ocean sounds, sea
sounds, jungle sounds, forest sounds, thunderstorm, thunderstorms, thunder sounds, rain forest
sounds, forest rain, rainstorm, rain storm, gentle rain, heavy rain, relaxing rain, rain for
sleep, bird sounds, birds singing, crickets, waterfall sounds, stream sounds, river sounds,
fireplace sounds, fan sounds, vacuum cleaner, hair dryer, womb sounds, heartbeat sounds, sleep
sounds, sleep noise, baby sleep, deep sleep, tibetan bowls, singing bowls, binaural beats,
isochronic, theta waves, delta waves, alpha waves, asmr, environmental sounds, sound effects,
soundscapes, jungle noise, jungle ambience
"""
"""In a title or the name of an artist: sounds of nature and for sleeping, which are no music."""

EROTIC = """
sex, sexy, sexual, sexx, sexo, freak, freaky, freek, freek n, lick it, naked, stripper, strip
tease, horny, bump n grind, bump and grind, knockin da boots, knockin boots, rub you the right
way, i want your body, my body, get you off, making love, make love to you, make love to me,
body on me, in bed, bedroom, love in this club, your love tonight, touch me tease me, slow
jam, one night stand, undress, lap dance, pony, thong, kinky, orgasm, erotic, je t aime moi non
plus, stand up in it
"""
"""Not for somebody who is sad, afraid or disgusted."""

PROFANE = """
fuck, fucks, fucked, fucker, fuckers, fuckin, fucking, motherfucker, motherfuckers,
motherfuckin, f k, f ck, fck, fuk, fukk, shit, shits, shitty, bullshit, bitch, bitches, bitchin,
biatch, hoe, hoes, thot, whore, whores, slut, sluts, pussy, dick, cock, cunt, cum, ass, asshole,
titties, tits, horny, porn, blowjob, puta, putas, puto, mierda, caralho, foda, porra, putain,
salope, merde, scheisse, schlampe, fotze, cazzo, troia, stronza, stronzo
"""
"""In a title: probably explicit, where no table says."""
