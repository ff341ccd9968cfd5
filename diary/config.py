"""Every setting of the diary: from DIARY_* variables, each with a default that works."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

PUSH_HOSTS = (
    "fcm.googleapis.com",
    "jmt17.google.com",
    "updates.push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)


@dataclass(frozen=True)
class Settings:
    home: Path = Path("instance")
    port: int = 8000
    url: str = ""  # how families reach us; https here also makes the cookie secure
    smtp: str = ""  # smtp://user:password@host:587, or smtps://; empty writes letters to home/outbox
    sender: str = "Nabij <nabij@localhost>"
    push_hosts: tuple[str, ...] = PUSH_HOSTS  # whom notifications may be handed to, subdomains included
    key: str = ""  # master key, 64 hex digits; empty keeps one in home/master.key
    workers: int = 2
    prompts: Path | None = None  # a practice's own texts, laid over ours
    proxies: int = 0  # how many of our own stand in front; each adds whom it spoke with to X-Forwarded-For

    @cached_property
    def database(self) -> Path:
        return self.home / "diary.db"

    @property
    def address(self) -> str:
        return self.url.rstrip("/") or f"http://127.0.0.1:{self.port}"

    @property
    def secure(self) -> bool:
        return self.address.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        return [urlsplit(self.address).hostname, "127.0.0.1", "localhost"]


def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
    return Settings(
        home=Path(env.get("DIARY_HOME", "instance")).resolve(),
        port=int(env.get("DIARY_PORT", "8000")),
        url=env.get("DIARY_URL", ""),
        smtp=env.get("DIARY_SMTP", ""),
        sender=env.get("DIARY_SENDER", Settings.sender),
        push_hosts=tuple(env["DIARY_PUSH_HOSTS"].replace(",", " ").split())
        if env.get("DIARY_PUSH_HOSTS")
        else PUSH_HOSTS,
        key=env.get("DIARY_KEY", ""),
        workers=int(env.get("DIARY_WORKERS", "2")),
        prompts=Path(env["DIARY_PROMPTS"]).resolve() if env.get("DIARY_PROMPTS") else None,
        proxies=int(env.get("DIARY_PROXIES", "0")),
    )
