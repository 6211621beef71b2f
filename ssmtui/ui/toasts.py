"""Problems that come in crowds: with one remedy they are one toast that counts."""

from __future__ import annotations

from collections.abc import Hashable

import msgspec
from textual.notifications import Notification

from ssmtui.core.problem import Problem
from ssmtui.core.text import plain


class Crowd(msgspec.Struct, frozen=True):
    """The toast on the screen that stands for a crowd."""

    toast: Notification
    first: Problem
    others: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """The first one's sentence, how many there are besides, and its remedy."""
        if not self.others:
            return plain(self.first.sentence)
        remedy = f" {self.first.remedy}." if self.first.remedy else ""
        return plain(f"{self.first.what}, and {len(self.others)} more like it.{remedy} See !")


class Crowds:
    """Which toast each crowd has."""

    def __init__(self) -> None:
        self._of: dict[Hashable, Crowd] = {}

    def join(self, group: Hashable, problem: Problem) -> tuple[Crowd, Notification | None]:
        """The crowd that a problem is part of, and the toast that it takes the place of."""
        crowd = self._of.get(group)
        if crowd is None or crowd.toast.has_expired:
            return Crowd(Notification(""), problem), None
        others = crowd.others
        if problem.what != crowd.first.what:
            others |= {problem.what}
        return msgspec.structs.replace(crowd, others=others), crowd.toast

    def shown(self, group: Hashable, crowd: Crowd, toast: Notification) -> None:
        """The crowd is on the screen."""
        self._of[group] = msgspec.structs.replace(crowd, toast=toast)
