"""Easy to guess is refused, hard to guess is welcome."""

import random
import string

import pytest

from diary.people.passwords import LONGEST, SHORTEST, weakness
from tests.persons import PASSWORD

COMMON = """
    password1234 123456789012 qwertyuiop12 welkom123456 wachtwoord123 passwordpassword P@ssw0rd1234 iloveyou1234
    aaaaaaaaaaaa abcabcabcabc Welkom01Welkom01 letmein12345 admin1234567 1q2w3e4r5t6y zaq12wsx3edc qwerty123456
    Zomer2026!!! 000000000000 111122223333 januari2026! voetbal12345 123123123123 121212121212 112233445566
    abcd1234abcd password!@#$ 1234qwer1234 a1b2c3d4e5f6 nabij1234567 WelkomWelkom1 Wachtwoord01! ajaxajaxajax
    mijnwachtwoord1 987654321098 1234567890ab !!!!!!!!!!!! 1234512345123 passw0rdpassw0rd !Password123! W@chtw00rd123
    ikhouvanjou! zxcvbnm12345 1qaz2wsx3edc 1qazxsw23edc qazwsxedcrfv 0123456789012 qwertyuiopas poiuytrewq12
    aaaabbbbcccc a1a1a1a1a1a1 nederland2026 1234567891011 123456789qwe qwe123qwe123 123qweasdzxc 11111111111a
    password-password correcthorsebatterystaple geheim!!!!!! dagboek12345 123456781234 ßßßßßßßßßßßß
"""
WORDS = "tafel wolk fiets lamp raam boek kaars steen gras berg zee vuur stoel deur paard vogel vis brood".split()


@pytest.mark.parametrize("password", COMMON.split())
def test_what_many_people_choose_is_refused(password):
    assert "bekende wachtwoorden" in weakness(password)


@pytest.mark.parametrize(
    "password",
    """marit1234567 maritmaritmarit 2026-marit-2026 maritdevries annemaritdevries devries12345 jansen.marit83!
       jansenmarit1 M@r1tM@r1tM@r1t jansen.marit83@example.org""".split(),
)
def test_ones_own_name_or_address_is_refused(password):
    assert weakness(password, "Anne-Marit de Vries", "jansen.marit83@example.org")


@pytest.mark.parametrize("password", [PASSWORD, "tafelwolkfietslamp", "k4nt!ge-Wolk7", "één blauwe été 🌲🌲"])
def test_long_and_strange_is_welcome(password):
    assert weakness(password, "Marit", "marit@example.org") is None


@pytest.mark.parametrize(
    "random_one",
    [
        lambda chance: " ".join(chance.sample(WORDS, 4)),
        lambda chance: "".join(chance.sample(WORDS, 4)),
        lambda chance: str(chance.randrange(10**15, 10**16)),
        lambda chance: "".join(chance.choices(string.ascii_lowercase, k=12)),
        lambda chance: "".join(chance.choices(string.ascii_letters + string.digits + "!?@#$%&-", k=14)),
    ],
    ids=["four words", "four words in one", "sixteen digits", "letters", "signs"],
)
def test_chance_is_never_called_common(random_one):
    chance = random.Random(7)
    made = [random_one(chance) for _ in range(2_000)]
    assert [one for one in made if len(one) >= SHORTEST and weakness(one, "Marit", "marit@example.org")] == []


def test_the_length_is_exact():
    assert "minstens 12 tekens" in weakness("gras berg z")
    assert weakness("gras berg ze") is None
    assert weakness(("gras berg zee" * 20)[:LONGEST]) is None or LONGEST < 256
    assert "langer dan 256" in weakness("x" * (LONGEST + 1))
