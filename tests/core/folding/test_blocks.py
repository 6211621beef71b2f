"""What a block says of itself."""

import pytest

from ssmtui.core.folding.blocks import Block, Stream, Variation, Vary
from ssmtui.core.folding.outputs import Outcome, Which

LINE = Variation(Which.STDOUT, 3, (Vary.NAME, Vary.ADDRESS))
OTHER = Variation(Which.STDERR, 0, (Vary.TIME,))


@pytest.mark.parametrize(
    ("cut", "texts", "variations", "words"),
    [
        (False, 1, (), "exact"),
        (True, 1, (), "same first 2,500 characters"),
        (False, 2, (LINE,), "1 line differs by node: the name, the address"),
        (False, 2, (LINE, OTHER), "2 lines differ by node: the name, the address, a time"),
        (
            True,
            2,
            (OTHER,),
            "1 line differs by node: a time, of the first 2,500 characters",
        ),
        (False, 2, (), "0 lines differ by node"),
    ],
)
def test_it_says_how_alike_its_nodes_are(cut, texts, variations, words):
    block = Block(
        id="x",
        outcome=Outcome.OK,
        status="Success",
        exit_code=0,
        stdout=Stream(1, 2500, cut),
        stderr=Stream(2, 40, False),
        nodes=(),
        texts=texts,
        variations=variations,
    )
    assert block.compared == words
    assert block.exact is (texts == 1)
    assert block.cut is cut
    assert block.head_chars == (2500 if cut else 0)
    assert (block.ending, block.short_ending) == ("exit code 0", "exit 0")
