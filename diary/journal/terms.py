"""The fixed words of the diary: ids for code, files and database, and how a parent reads them."""

from diary.texts import N_

KINDS = {
    "incident": N_("Voorval"),
    "contact": N_("Fijn moment"),
    "checkin": N_("Dagcheck"),
    "weekcheck": N_("Weekcheck"),
}

AREAS = {"limit": N_("Limit"), "routine": N_("Routine"), "anchorpoint": N_("Anchorpoint")}

AREA_HINTS = {
    "limit": N_("iemand of iets kwam in gevaar"),
    "routine": N_("opstaan, eten, wassen, de dag, slapen"),
    "anchorpoint": N_("anders dan anders; wat zit eronder?"),
}

SITUATIONS = {
    "limit": {
        "hitting": N_("Slaan, schoppen, bijten"),
        "breaking": N_("Gooien of kapotmaken"),
        "running_off": N_("Weglopen"),
        "threatening": N_("Dreigen of schelden"),
        "self_harm": N_("Zichzelf pijn doen"),
        "hurting_animals": N_("Een dier pijn doen"),
        "danger": N_("Gevaar: vuur, verkeer, hoogte"),
        "body_boundaries": N_("Over de grens van iemands lijf"),
    },
    "routine": {
        "waking": N_("Opstaan"),
        "eating": N_("Eten"),
        "self_care": N_("Wassen en aankleden"),
        "daytime": N_("Overdag: school, club, thuiskomen"),
        "sleeping": N_("Naar bed en slapen"),
    },
    "anchorpoint": {
        "refusing": N_("Weigeren of treuzelen"),
        "claiming": N_("Veel aandacht vragen"),
        "controlling": N_("Alles willen bepalen"),
        "squabbling": N_("Kibbelen"),
        "screens": N_("Rond schermen"),
        "lying": N_("Een ander verhaal dan het was"),
        "taking": N_("Iets van een ander pakken"),
        "rejecting_care": N_("Zorg of troost afweren"),
        "pleasing": N_("Erg meegaand"),
        "friend_to_all": N_("Vrij met onbekenden"),
        "hoarding": N_("Eten of spullen verstoppen"),
        "regressing": N_("Doen als een jonger kind"),
        "withdrawing": N_("Zich terugtrekken"),
        "small_hurts": N_("Klein pijntje, groot verdriet"),
        "parting": N_("Weggaan en terugkomen"),
        "mess": N_("Rommel"),
        "odd": N_("Anders dan anders"),
    },
}

AREA_OF = {situation: area for area, group in SITUATIONS.items() for situation in group}
SITUATION = {situation: label for group in SITUATIONS.values() for situation, label in group.items()}

FEELINGS = {
    "angry": N_("boos"),
    "scared": N_("bang"),
    "sad": N_("verdrietig"),
    "tense": N_("gespannen"),
    "alone": N_("alleen"),
    "ashamed": N_("beschaamd"),
    "jealous": N_("jaloers"),
    "tired": N_("moe"),
    "confused": N_("in de war"),
    "wound_up": N_("heel druk"),
}

INTENSITY = {
    1: N_("een beetje"),
    2: N_("merkbaar"),
    3: N_("stevig"),
    4: N_("heftig"),
    5: N_("heel heftig"),
}

MINUTES = {
    5: N_("een paar minuten"),
    15: N_("een kwartier"),
    30: N_("een half uur"),
    60: N_("een uur"),
    120: N_("langer"),
}

# What one sees, at this moment. Never a word about what kind of child this is.
SIGNALS = {
    "sought_comfort": N_("kwam naar mij toe voor troost"),
    "calmed": N_("werd rustig toen ik erbij was"),
    "stayed_upset": N_("bleef lang van streek, ook met mij erbij"),
    "asked_help": N_("vroeg om hulp"),
    "alone": N_("wilde het alleen oplossen"),
    "kept_away": N_("hield afstand of keek weg"),
    "flat": N_("liet bijna niets merken"),
    "clung": N_("liet mij niet los"),
    "demanded": N_("wilde meteen al mijn aandacht"),
    "swung": N_("kwam dichtbij en duwde me dan weg"),
    "outburst": N_("barstte los"),
    "froze": N_("verstijfde of leek ver weg"),
    "flinched": N_("schrok toen ik dichtbij kwam"),
    "eager": N_("wilde het opeens heel goed doen"),
    "took_charge": N_("nam de leiding van mij over"),
    "cared_for_me": N_("ging voor mij zorgen"),
    "younger": N_("deed als een veel jonger kind"),
    "hard_goodbye": N_("vond afscheid moeilijk"),
    "wandered": N_("ging weg zonder om te kijken"),
    "explored": N_("ging op ontdekking en keek af en toe om"),
    "told": N_("vertelde zelf wat er was"),
    "laughed": N_("lachte weer met me mee"),
}

# The circle: going out into the world, and coming back in.
NEEDS_OUT = {
    "support": N_("zelf ontdekken"),
    "watch": N_("dat ik meekijk"),
    "help": N_("dat ik even help"),
    "enjoy": N_("samen plezier"),
}
NEEDS_IN = {
    "protect": N_("bescherming"),
    "comfort": N_("troost"),
    "delight": N_("horen: fijn dat jij er bent"),
    "organise": N_("hulp bij een groot gevoel"),
}
NEEDS = NEEDS_OUT | NEEDS_IN

ASSO = {
    "connect": N_("Aansluiten"),
    "sensitive": N_("Sensitief"),
    "structure": N_("Structureren"),
    "start": N_("Op gang helpen"),
}
ASSO_HINTS = {
    "connect": N_("Je zei wat je zag, zonder oordeel."),
    "sensitive": N_("Je liet merken dat je het begrijpt."),
    "structure": N_("Je vertelde hoe het zit."),
    "start": N_("Je zei wat jullie nu gaan doen."),
}

ASSO_TRY = {
    "connect": N_("Zeg wat je ziet, zonder oordeel."),
    "sensitive": N_("Laat merken dat je het snapt. Raden mag."),
    "structure": N_("Vertel hoe het nu zit."),
    "start": N_("Zeg wat jullie nu gaan doen."),
}

BOND = {
    "held": N_("Het contact bleef"),
    "lost": N_("Het contact was weg"),
    "repaired": N_("Weer goedgemaakt"),
}

WON = {"child": N_("Mijn kind"), "me": N_("Ik"), "both": N_("Allebei een beetje"), "nobody": N_("Niemand")}

CONTACTS = {
    "together": N_("Samen gedaan"),
    "cared": N_("Verzorgd"),
    "laughed": N_("Gelachen"),
    "talked": N_("Gekletst"),
    "near": N_("Dicht bij elkaar"),
    "ritual": N_("Ons vaste moment"),
    "other": N_("Iets anders"),
}
BEGAN = {"child": N_("Mijn kind"), "me": N_("Ik"), "both": N_("Vanzelf")}
FELT = {"warm": N_("warm"), "fine": N_("gewoon goed"), "stiff": N_("nog wat stroef")}

ENERGY = {1: N_("leeg"), 2: N_("weinig"), 3: N_("gaat wel"), 4: N_("genoeg"), 5: N_("vol")}
ME_TIME = {"yes": N_("ja, even echt"), "little": N_("een klein beetje"), "no": N_("het kwam er niet van")}

# Looking back on a week. It measures nothing: there is no sum, and ‘I do not know’ is an answer.
WEEK = {
    "at_ease": N_("Was je kind op z’n gemak bij jou?"),
    "comforted": N_("Liet je kind zich troosten of helpen?"),
    "listened": N_("Luisterde je kind naar je?"),
    "fun": N_("Hadden jullie samen plezier?"),
}
OFTEN = {"mostly": N_("meestal"), "sometimes": N_("soms"), "little": N_("nog weinig"), "unknown": N_("weet ik niet")}

SHARED = {"me": N_("alleen ik"), "family": N_("gezin")}

ABOUT = {"morning": N_("ochtend"), "afternoon": N_("middag"), "evening": N_("avond")}
