"""What each channel tells whom of what Marit wrote, by the state it is in. Who is not named is told nothing."""

# p private · f for the family · s at the session, which is not yet · n now · b taken back · d deleted
# g with the family and the counsellor both; in s, n, b and d the other parent was never meant to read it
STATES = "pfsnbdg"

# A viewer that is no column here is told nothing by any address; nor is anyone by an address that is no row.
PAGES = """
                                             author  other own
GET /today                                   pfsnbg  fg    -
GET /days/<text>                             pfsnbg  fg    -
GET /timeline                                pfsnbg  fg    -
GET /timeline?q=kanaalstruik                 pfsnbg  fg    -
GET /timeline?q=Gelachen                     pfsnbg  fg    -
GET /timeline?kind=contact                   pfsnbg  fg    -
GET /timeline?area=limit                     pfsnbg  fg    -
GET /entries/<uid>                           pfsnbg  fg    -
GET /entries/<uid>/edit                      pfsnbg  -     -
GET /entries/<uid>/versions                  pfsnbg  -     -
GET /deleted                                 d       -     -
GET /insight                                 pfsnbg  fg    -
GET /insight?weeks=12                        pfsnbg  fg    -
GET /asso                                    pfsnbg  fg    -
GET /asso?situation=sleeping                 pfsnbg  fg    -
GET /asso/<id>/entry                         pfsnbg  fg    -
GET /asso/practice                           pfsnbg  -     -
GET /reminders/<text>                        pfsnbg  -     -
GET /entries/<uid>/share                     pfsnbg  -     -
GET /sharing                                 sng     -     -
GET /sharing/log                             snbdg   -     -
GET /sharing/card                            ng      -     -
GET /sharing/card?weeks=4                    ng      -     -
GET /sharing/card?print=1                    ng      -     -
GET /sharing/card/entries                    ng      -     -
GET /sharing/card/entries?kind=contact       ng      -     -
GET /counsellor                              -       -     ng
GET /counsellor/<family>                     -       -     ng
GET /counsellor/<family>?weeks=4             -       -     ng
GET /counsellor/<family>?print=1             -       -     ng
GET /counsellor/<family>/entries             -       -     ng
GET /counsellor/<family>/entries?area=limit  -       -     ng
GET /counsellor/<family>/entries?waits=1     -       -     ng
GET /counsellor/<family>/entries/<uid>       -       -     ng
GET /counsellor/<family>/notes               -       -     ng
"""

# A text sent under the uid of what was written. A second parent who guesses it learns that the uid is in use in this
# family, since it is kept under another; the author that there was something to keep it beside.
SYNC = """
                                             author  other own
POST /sync                                   pfsnbdg pfsnbdg -
"""

EXPORT = """
                                             author  other own
POST /settings/export                        pfsnbdg fg    -
"""

MESSAGES = """
                                             author  other own
letters                                      ng      -     ng
notifications                                ng      -     ng
"""

# New at each look, whatever stands in the diary: a second step begins with a secret.
FRESH = {"GET /step", "GET /settings/steps", "GET /settings/steps/app"}

# Words, and who may ever read them.
WORDS = {
    "duindoorn": {"author", "other", "own"},
    "lijsterbes": {"author"},  # the parent's own feeling was not given along
    "meidoorn": {"author", "own"},  # and what the counsellor answered is between the two
}

# Of everything something, so that every figure moves.
ENTRIES = [
    {"kind": "incident", "area": "limit", "situation": "self_harm", "tried": ["connect"], "helped": "yes"},
    {"kind": "incident", "area": "routine", "situation": "sleeping", "happened_at": "2026-11-17T18:40:00.000Z"},
    {"kind": "contact", "what": "laughed"},
    {"kind": "checkin", "energy": 1},
    {"kind": "weekcheck", "at_ease": "mostly"},
]


def told(table: str) -> dict[str, dict[str, str]]:
    """Row → viewer → the states of which this tells."""
    head, *lines = (line.rsplit(maxsplit=3) for line in table.strip("\n").splitlines())
    return {
        name.strip(): {who: {*cell} - {"-"} for who, cell in zip(head, cells, strict=True)} for name, *cells in lines
    }
