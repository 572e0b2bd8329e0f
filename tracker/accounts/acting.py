"""A person acting for one post: what every query and action is told as `user` or `by`."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.rules.access import Role


@dataclass(frozen=True)
class User:
    """Who acts, in which role, for which unit. Paths span the subtrees of unit and province."""

    person_id: int
    name: str
    post_id: int
    role: Role
    title: str
    unit_id: int
    unit_name: str
    unit_path: str
    province_id: int | None
    province_path: str
    session_token: str = ""
    must_change_password: bool = False

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the session cookie keeps: the token that a changed password ends, and the post acted for."""
        return f"{self.session_token}.{self.post_id}"
