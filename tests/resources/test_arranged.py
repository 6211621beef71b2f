"""The user's own choice of columns."""

from ssmtui.resources.arranged import arranged
from ssmtui.resources.nodes import nodes


def shown(resource):
    return [column.id for column in resource.columns if not column.wide and not column.hidden]


def test_chosen_columns_come_first_and_alone():
    (resource,), problems = arranged((nodes(),), {"nodes": ["ping", "zone", "name"]})
    assert problems == []
    assert shown(resource) == ["ping", "zone", "name"]
    assert {column.id for column in resource.columns} == {column.id for column in nodes().columns}
    assert [column.priority for column in resource.columns[:3]] == [0, 1, 2]


def test_nothing_chosen_changes_nothing():
    resource = nodes()
    assert arranged((resource,), {})[0] == (resource,)


def test_a_wrong_column_or_resource_is_one_problem_each():
    (resource,), problems = arranged((nodes(),), {"nodes": ["pnig"], "noodles": ["name"]})
    assert shown(resource) == shown(nodes())
    assert ["ping" in problem.sentence for problem in problems] == [True, False]
    assert problems[0].sentence == "columns.nodes: there is no column pnig. Did you mean ping."
    assert problems[1].what == "columns.noodles: there is no resource called noodles"


def test_a_problem_says_where_it_stands():
    def place(*names):
        return f"config.toml line 3 ({names}): "

    _, (problem,) = arranged((nodes(),), {"no": ["pnig"]}, place)
    assert problem.what == (
        "config.toml line 3 (('columns', 'no')): columns.no: there is no column pnig"
    )
