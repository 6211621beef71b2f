from __future__ import annotations

import re

from ssmtui.ui.style import APP_CSS

VARIABLE = re.compile(r"\$([a-z][a-z-]*)")


async def test_every_colour_of_the_style_sheet_is_one_that_each_theme_has(explorer):
    used = set(VARIABLE.findall(APP_CSS))
    assert used
    async with explorer.open() as s:
        for name in s.app.theme_names():
            s.app.theme = name
            assert used <= s.app.get_css_variables().keys(), name
