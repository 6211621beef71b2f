"""`ssmtui`: the explorer itself."""

from __future__ import annotations

import gc
import sys
from contextlib import closing

from ssmtui.cli.backend import connected, paths_of, signature_of, start_log
from ssmtui.cli.options import Options
from ssmtui.cli.run import BAD_INPUT, say
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.local.config import Config, load


def explore(options: Options, command: str) -> int:
    """Open the explorer, with a first `:` command; returns the exit code.

    A configuration that cannot be read is said in the explorer, which then goes by its defaults; so
    is what it says in vain.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        say("the explorer needs a terminal. Use a verb, such as: ssmtui get nodes -o json")
        return BAD_INPUT
    # What is made up to the first paint stays: to look for garbage in it would only hold that up.
    # The explorer enables it again when it has painted.
    gc.disable()
    try:
        return _opened(options, command)
    finally:
        gc.enable()


def _opened(options: Options, command: str) -> int:
    from ssmtui.resources.arranged import arranged
    from ssmtui.resources.memory import Memory
    from ssmtui.resources.registry import resources
    from ssmtui.rollouts.origins import OwnRollouts
    from ssmtui.ui.app import run
    from ssmtui.ui.launch import Launch

    paths = paths_of(options)
    problems: list[Problem] = []
    try:
        config = load(paths.config_file)
    except ProblemError as error:
        config, problems = Config(), [error.problem]
    start_log(options, paths)
    memory = Memory(paths)
    known, _ = arranged(resources(memory, OwnRollouts(paths)), config.columns)
    launch = Launch(
        config=config,
        paths=paths,
        resources=known,
        connect=lambda: connected(options, config, paths),
        command=command,
        demo=options.demo,
        ascii=options.ascii or config.ascii,
        problems=problems,
        selection=signature_of(options, config),
        memory=memory,
    )
    with closing(memory):  # after the last thread that writes into it has ended
        return run(launch)
