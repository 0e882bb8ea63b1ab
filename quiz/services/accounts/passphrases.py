"""Passphrases that a class can read from a card: four everyday words.

Four words out of 128 or more are 28 bits, one in 268 million. That is little against somebody who
has stolen the hashes, so these are slow (Argon2id), and enough against guessing at the door: a name
takes ten tries in a quarter of an hour (limits.SignInTries), 380 years for half of them.
"""

from __future__ import annotations

import secrets

WORDS = 4

# Short, kind, told apart by ear; the French ones without accents, so that any keyboard has them.
_LISTS = {
    "fr": (
        "abri agenda algue amande amie ananas ancre aube avion bague balade balle balcon banane"
        " barque bateau bonnet botte bougie bouton branche brise brume bulle cabane cactus cahier"
        " canard caramel carotte carte castor cerise chalet chaton cheval cirque citron colline"
        " copain coquille corde coton crayon cuivre dauphin dessin domino dragon dune farine"
        " fenouil feuille figue flamme fleur flocon fontaine fraise galet gazon gomme"
        " grange grenier griotte guitare herbe hibou image jardin jongleur jouet jument koala lac"
        " lagune laine lampe lapin lavande lilas livre loutre lucarne lune lutin maison mangue"
        " marron melon menthe miel mimosa montagne moulin mouton muguet musique navire neige noix"
        " nuage olive ombre orage orange orgue ourson page panda panier papier patin pigeon"
        " piano pinceau plage plume poire pomme poney potiron prune puzzle radis raisin renard"
        " riz robot ruban sable sapin savon soleil souris sucre tambour tarte tasse tortue"
        " tulipe vague valise vanille velours verger violon voile wagon yaourt"
    ),
    "en": (
        "acorn anchor apple apron arrow autumn bagel balloon banjo barley basket beach bean bell"
        " berry bike biscuit blanket boat bonnet book bread breeze bridge bubble bucket button"
        " cabin cactus camel candle canoe carrot castle cello cherry circus clock cloud clover"
        " coconut comet cookie copper coral corner cotton cricket crown cuckoo cushion daisy"
        " desert dolphin domino donkey dragon drum eagle ember fabric falcon feather fern fiddle"
        " flower flute forest fossil garden ginger glove grape guitar hammock harbour hazel hedge"
        " helmet honey island ivory jacket jelly jigsaw jungle kettle kitten koala ladder lagoon"
        " lantern lemon lily lizard magnet mango maple marble meadow melon mint mirror mitten"
        " morning mountain mustard napkin nutmeg oasis ocean olive orange orchid otter paddle"
        " panda paper parrot peach pebble pencil pepper piano pillow planet plum pocket pony"
        " puzzle rabbit radish rainbow ribbon river robin rocket saddle sailor shell silver"
        " spoon squirrel sunny table teapot tiger tulip velvet violin walnut willow window"
    ),
}


def words_of(language: str) -> list[str]:
    """The words passphrases are made of, in the language; other languages get English."""
    return _LISTS[language if language in _LISTS else "en"].split()


def new_passphrase(language: str) -> str:
    """Four words at random: at least 28 bits, from the system's own randomness."""
    words = words_of(language)
    return " ".join(secrets.choice(words) for _ in range(WORDS))
