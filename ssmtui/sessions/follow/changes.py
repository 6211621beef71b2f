"""What is said of nodes that are followed: that they drop and come back, not that all is well."""

from __future__ import annotations

from ssmtui.sessions.follow.merging import News, State


class Changes:
    """Puts the news about nodes into words, in their order."""

    def __init__(self) -> None:
        self._dropped: set[int] = set()

    def said(self, news: News) -> str:
        """The words for a piece of news, without the node; "" for what goes without saying."""
        if news.state is State.CONNECTING:
            return news.sentence
        if news.state is State.FOLLOWING:
            back = news.node in self._dropped
            self._dropped.discard(news.node)
            if not back and not news.sentence:
                return ""
            return f"following again, {news.sentence}" if news.sentence else "following again"
        self._dropped.add(news.node)
        return f"{news.state}: {news.sentence}" if news.sentence else str(news.state)
