"""Someone with a browser, who does what people do."""

import re
from dataclasses import dataclass, field

from flask.testing import FlaskClient

PASSWORD = "vier losse woorden hier"


@dataclass
class Person:
    client: FlaskClient
    email: str
    name: str
    known: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def token(self, page: str = "/login") -> str:
        """What this session's forms hold; a page is asked for it only when the cookie is another than before."""
        cookie = self.client.get_cookie("nabij")
        if cookie is None or f"{page} {cookie.value}" not in self.known:
            found = re.search(r'name="csrf-token" content="([^"]+)"', self.client.get(page).text).group(1)
            self.known = {f"{page} {self.client.get_cookie('nabij').value}": found}
        return next(iter(self.known.values()))

    def post(self, path: str, fields: dict | None = None, **more):
        return self.client.post(path, data={"csrf_token": self.token(), **(fields or {})}, **more)

    def get(self, path: str, **more):
        return self.client.get(path, **more)

    def signs_in(self, password: str = PASSWORD, **fields):
        return self.post("/login", {"email": self.email, "password": password, **fields})

    def sync(self, *changes: dict):
        return self.client.post("/sync", json={"changes": changes}, headers={"X-CSRFToken": self.token()})

    def writes(self, **fields) -> str:
        """Saves an entry and gives its uid."""
        answer = self.post("/entries", {"kind": "incident", "area": "routine", **fields})
        assert answer.status_code == 302, answer.text
        return answer.location.partition("#")[2]

    def child(self) -> str:
        return re.search(r"/family/children/([0-9a-f-]{36})", self.get("/family").text).group(1)

    def signs_up(self) -> "Person":
        answer = self.post("/register", {"name": self.name, "email": self.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return self

    def begins(self, child: str = "Sem") -> "Person":
        """With a family of their own."""
        self.post("/welcome", {"name": child, "born": "2017-05", "age": "4"})
        return self
