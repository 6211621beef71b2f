"""The look of the whole app: its themes, and how it draws without colours or Unicode."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App
from textual.filter import LineFilter, Monochrome, NoColor

from ssmtui.core.problem import Problem
from ssmtui.local.paths import builtin_themes
from ssmtui.ui.glyphs import AsciiFilter, ColourlessFilter
from ssmtui.ui.launch import Launch
from ssmtui.ui.themes import VARIABLES, choose, default_theme, load_themes


class ThemedApp(App[None]):
    """An app in one of our themes or the user's. `theme_problems`: what is wrong with theirs."""

    def __init__(self, launch: Launch) -> None:
        super().__init__()
        self.launch = launch
        self._ascii, self._colourless = AsciiFilter(), ColourlessFilter()
        self._own_themes, self.theme_problems = self._load_themes()
        self.theme = default_theme(launch.config.theme, self._own_themes)

    def _load_themes(self) -> tuple[list[str], list[Problem]]:
        """Make the themes known; their names, and the trouble with them."""
        themes, problems = load_themes([builtin_themes(), self.launch.paths.themes])
        for theme in themes:
            self.register_theme(theme)
        return [theme.name for theme in themes], problems

    def theme_names(self) -> list[str]:
        return list(self._own_themes)

    def use_theme(self, name: str | None) -> None:
        """Draw in the theme of that name; None leaves it as it is."""
        if name is not None:
            themes = [self.available_themes[known] for known in self._own_themes]
            self.theme = choose(name, themes).name

    def refresh_css(self, animate: bool = True) -> None:
        """Draw everything in the theme's colours, if there is anything yet: the theme is chosen
        before, and to read all rules for nothing would hold the first frame up."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(VARIABLES)

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = super().get_line_filters()
        if self.no_color:
            # Textual's own draws in greys, which are dark boxes on a light terminal.
            kept = [own for own in filters if not isinstance(own, Monochrome | NoColor)]
            filters = [*kept, self._colourless]
        return [*filters, self._ascii] if self.launch.ascii else filters
