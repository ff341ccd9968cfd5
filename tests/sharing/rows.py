"""Who gets which answer at the pages of sharing. Everyone and every state that is not named finds nothing."""

# Private and family were never shared; session waits; now is shared; back was taken back; gone was deleted.
STATES = ("private", "family", "session", "now", "back", "gone")

# ! something was written, apart from the access log
ENTRIES = """
GET  /entries/<uid>/share                              author private 200 family 200 session 200 now 200 back 200
POST /entries/<uid>/shares                             author private 302! family 302! session 302! now 302 back 302!
POST /entries/<uid>/shares/open                        author session 302! now 302
POST /entries/<uid>/shares/end                         author private 302 family 302 session 302! now 302! back 302
POST /entries/<uid>/shares/feeling/end                 author private 302 family 302 session 302 now 302 back 302
POST /entries/<uid>/shares/hold                        author private 302! family 302! session 302 now 302 back 302!
POST /entries/<uid>/replies                            author private 422 family 422 session 302! now 302! back 422
POST /entries/<uid>/replies/read                       author private 302 family 302 session 302 now 302! back 302
GET  /counsellor/<family>/entries/<uid>                own now 200
POST /counsellor/<family>/entries/<uid>/replies        own now 302!
POST /counsellor/<family>/entries/<uid>/replies/<reply>/withdraw own now 302!
POST /counsellor/<family>/entries/<uid>/filing         own now 302!
"""

# The pages without an entry: who may, and what it answers. What is of one family is nothing to another.
PAGES = """
GET  /sharing                                          author 200 other 200 guest 200 elsewhere 200
POST /sharing/consents/<uid>                            author 302 other 302
GET  /sharing/log                                      author 200 other 200 guest 200 elsewhere 200
POST /sharing/defaults                                 author 302! other 302!
POST /sharing/appointments                             author 302! other 302!
POST /sharing/appointments/<uid>/agreement             author 302! other 302!
POST /sharing/appointments/<uid>/drop
POST /counsellor/<family>/appointments                 own 302!
POST /counsellor/<family>/appointments/<uid>/drop      own 302!
GET  /practice/review                                  admin 200
POST /practice/review
"""


def read(table: str) -> dict[str, dict]:
    """Row → the rest of its line, in words."""
    lines = (line.split() for line in table.strip().splitlines())
    return {f"{method} {rule}": rest for method, rule, *rest in lines}


ROWS = {*read(ENTRIES), *read(PAGES)}
