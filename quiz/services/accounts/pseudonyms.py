"""Pseudonyms for guests: an animal and a virtue, in the player's language; nobody's real name."""

from __future__ import annotations

import random

from faker.generator import Generator
from faker.providers import BaseProvider

# The French adjectives have one form for both genders, so that every pair agrees.
_ANIMALS = {
    "fr": (
        "Loutre Renard Chouette Héron Lynx Castor Martre Colibri Marmotte Belette Phoque Cigogne"
        " Hermine Merle Tortue Girafe Panda Koala Pingouin Dauphin Gazelle Libellule Mésange Tamia"
    ),
    "en": (
        "Otter Fox Owl Heron Lynx Beaver Marten Hummingbird Marmot Weasel Seal Stork Stoat"
        " Blackbird Turtle Giraffe Panda Koala Penguin Dolphin Gazelle Dragonfly Titmouse Chipmunk"
    ),
}
_VIRTUES = {
    "fr": (
        "agile calme sincère lucide tranquille rapide solide brave fidèle honnête modeste tenace"
        " sage aimable équitable énergique"
    ),
    "en": (
        "Nimble Calm Sincere Lucid Quiet Quick Solid Brave Loyal Honest Modest Steady Wise Kind"
        " Fair Lively"
    ),
}


class PseudonymProvider(BaseProvider):
    """Faker provider: `pseudonym("fr")` gives "Loutre tenace 42", "en" gives "Steady Otter 42"."""

    def pseudonym(self, language: str) -> str:
        """A pseudonym in the language, "fr" or "en"; other languages get English."""
        language = language if language in _ANIMALS else "en"
        animal = self.random_element(_ANIMALS[language].split())
        virtue = self.random_element(_VIRTUES[language].split())
        number = self.random_int(2, 99)
        if language == "fr":
            return f"{animal} {virtue} {number}"
        return f"{virtue} {animal} {number}"


def pseudonym(language: str, rng: random.Random) -> str:
    """A random pseudonym drawn with `rng`."""
    # A bare generator: Faker() would load every provider it has, for one that is ours.
    generator = Generator()
    generator.seed_instance(rng.getrandbits(64))
    return PseudonymProvider(generator).pseudonym(language)
