"""The filter language: one parser for `/`, `:no ...`, `--filter`, `--on` and saved views.

    expression = term { " " term }     all must hold; "|" between two terms: either; ( ) groups
    term       = [ "!" ] ( key op value | word | "-f" word | "-l" key=value,... )
    key        = column id | tag key | "tag:" key | "col:" id
    op         = "=" | "!=" | "~" | "<" | "<=" | ">" | ">="
    scope      = "@" profile, account id or alias, or Region

"|" binds closer than a space: `Env=prod web | api` is prod, and either web or api. Answers are
three-valued: True, False, or None where the row does not know. What is unknown never matches, also
not what is negated. A word looks at what is shown, and always answers yes or no.

A plain key that is the id of a column means the column. In other letters (`Role`, of the column
`role`) it means the tag of exactly that key where a row has it, and else the column. `tag:` and
`col:` leave no doubt.

The case of words and of `~` is ignored unless the term has a capital. `=` and `!=` are exact for
text and tags (AWS's tags are), and ignore case for status words. `=` takes a list `a,b,c`, `*`
matches anything, and nothing (`owner=`) finds what has no value. Quotes hold spaces and switch the
meaning of `*` and `,` off.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ssmtui.core.columns import Column
from ssmtui.core.query.errors import QueryError
from ssmtui.core.query.query import EMPTY, HAYSTACK_SEPARATOR, Query

__all__ = ["EMPTY", "HAYSTACK_SEPARATOR", "Query", "QueryError", "parse"]


def parse(text: str, columns: Sequence[Column], tag_keys: Collection[str] = frozenset()) -> Query:
    """The query that the text asks for, over rows with these columns.

    `tag_keys` are the tag keys known to exist: a plain key that is a column and also one of them
    is listed in `Query.ambiguous`. Raises QueryError.
    """
    # The first frame has a filter, which is empty, and no need of a parser.
    from ssmtui.core.query import parser

    return parser.parse(text, columns, tag_keys)
