"""Arguments to parameters, as PowerShell binds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ssmtui.simulator.shell.powershell.call import Cmdlet
from ssmtui.simulator.shell.powershell.values import PowerShellError, Value, truth

_COMMON = {"erroraction": False, "ea": False, "verbose": True, "debug": True, "whatif": True,
           "confirm": True, "warningaction": False, "errorvariable": False}  # fmt: skip
_LITERAL = ("literalpath", "lp", "pspath")


def bind(
    cmdlet: Cmdlet, arguments: Iterable[tuple[str, Value, bool]]
) -> tuple[dict[str, Value], list[Value]]:
    """By name, which may be shortened, then by position: the values of the parameters, and those
    that no parameter took. An argument is its name, its value, and whether it has none.
    """
    names = {**cmdlet.names, **_COMMON}
    named: dict[str, Value] = {}
    positional: list[Value] = []
    waiting: str | None = None
    for name, value, bare in arguments:
        if not name:
            if waiting is not None:
                named[waiting] = value
                waiting = None
            else:
                positional.append(value)
            continue
        if waiting is not None:
            raise _missing(cmdlet, waiting)
        full = _parameter(cmdlet, name, names)
        if names[full]:
            named[full] = True if bare else truth(value)
        elif bare:
            waiting = full
        else:
            named[full] = value
    if waiting is not None:
        raise _missing(cmdlet, waiting)
    free = [name for name in cmdlet.positions if name not in named]
    named.update(zip(free, positional, strict=False))
    return named, positional[len(free) :]


def _missing(cmdlet: Cmdlet, name: str) -> PowerShellError:
    return PowerShellError(
        f"Missing an argument for parameter '{name}'. Specify a parameter and try again.",
        source=cmdlet.name,
        category=f"InvalidArgument: (:) [{cmdlet.name}], ParameterBindingException",
        identifier="MissingArgument",
    )


def _parameter(cmdlet: Cmdlet, name: str, names: Mapping[str, bool]) -> str:
    if name in names:
        return name
    if name in _LITERAL and "path" in names:
        return "path"  # whose wildcards are none: no path here has any
    found = [one for one in names if one.startswith(name)]
    own = [one for one in found if one in cmdlet.names]
    if len(own or found) != 1:
        raise PowerShellError(
            f"A parameter cannot be found that matches parameter name '{name}'.",
            source=cmdlet.name,
            category=f"InvalidArgument: (:) [{cmdlet.name}], ParameterBindingException",
            identifier="NamedParameterNotFound",
        )
    return (own or found)[0]
