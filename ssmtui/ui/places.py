"""Where one has been: the history behind Esc, `[`, `]` and `-`, and the crumbs."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

KEPT = 100


class Place(msgspec.Struct, frozen=True):
    """A view: a resource by name, and the filter on it.

    `given` is the part of it that a link has led here by: clearing the filter leaves it.
    """

    resource: str
    filter: str = ""
    given: str = ""


class Places:
    """A line of places with a position in it, as a browser has."""

    def __init__(self, first: Place) -> None:
        self._places = [first]
        self._at = 0
        self._last = first

    @property
    def here(self) -> Place:
        return self._places[self._at]

    def go(self, place: Place) -> None:
        """Go on from here; what lay ahead is forgotten. Going where one is changes nothing."""
        if place == self.here:
            return
        self._last = self.here
        self._places = [*self._places[: self._at + 1], place][-KEPT:]
        self._at = len(self._places) - 1

    def refine(self, place: Place) -> None:
        """The filter here is another one now: the same place, not a new one."""
        self._places[self._at] = msgspec.structs.replace(place, given=self.here.given)

    def step(self, by: int) -> Place | None:
        """One place back (-1) or forward (1); None at the end."""
        if not 0 <= self._at + by < len(self._places):
            return None
        self._last = self.here
        self._at += by
        return self.here

    def swap(self) -> Place:
        """The place before this one in time, and at the next call back."""
        target, self._last = self._last, self.here
        if target in self._places:
            self._at = len(self._places) - 1 - self._places[::-1].index(target)
        else:
            self._places = [*self._places, target][-KEPT:]
            self._at = len(self._places) - 1
        return self.here

    def crumbs(self, title: Callable[[Place], str]) -> list[str]:
        """The way here, the last three views of it, each view once."""
        titles: list[str] = []
        for place in self._places[: self._at + 1]:
            name = title(place)
            if not titles or titles[-1] != name:
                titles.append(name)
        return titles[-3:]
