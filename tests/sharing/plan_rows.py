"""Who gets which answer at the desk, the plan and the anchor card. Everyone who is not named is refused."""

from tests.sharing.rows import read

# ! something was written, apart from the access log
PAGES = """
GET  /plan                                             author 200 other 200 guest 200 elsewhere 200
GET  /plan/new                                         author 200 other 200 guest 200 elsewhere 200
POST /plan                                             author 302! other 302! guest 302! elsewhere 302!
GET  /plan/<uid>/edit                                  author 200
POST /plan/<uid>                                       author 302!
POST /plan/<uid>/accept                                other 302!
POST /plan/<uid>/end                                   author 302! other 302!
GET  /anchor                                           author 200 other 200 guest 200 elsewhere 200
POST /anchor                                           author 302! other 302!
POST /anchor/links                                     author 200! other 200!
POST /anchor/links/<uid>/withdraw                      author 302! other 302!
GET  /sharing/card                                     author 200 other 200 guest 200 elsewhere 200
GET  /sharing/card/entries                             author 200 other 200 elsewhere 200
GET  /insight                                          author 200 other 200 guest 200 elsewhere 200
GET  /counsellor/<family>                              own 200
GET  /counsellor/<family>/entries                      own 200
GET  /counsellor/<family>/notes                        own 200
POST /counsellor/<family>/notes                        own 302!
POST /counsellor/<family>/notes/<uid>/deletion         own 302!
GET  /counsellor/<family>/plan                         own 200
GET  /counsellor/<family>/plan/new                     own 200
POST /counsellor/<family>/plan                         own 302!
GET  /counsellor/<family>/plan/<uid>/edit
POST /counsellor/<family>/plan/<uid>
POST /counsellor/<family>/plan/<uid>/accept            own 302!
POST /counsellor/<family>/plan/<uid>/end               own 302!
POST /counsellor/<family>/plan/outline                 own 302!
POST /counsellor/<family>/plan/openings                own 302!
POST /counsellor/<family>/plan/pins                    own 302!
"""

# For everyone who holds the link, whoever they are.
OPEN = """
GET  /a/<token>                                        200
"""

ROWS = {*read(PAGES), *read(OPEN)}
