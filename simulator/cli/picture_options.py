"""Options for the title and for every key of [picture], derived from the tables."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import click

from errsurf.cli import completing
from errsurf.scenario.files import OWN_FONTS
from errsurf.scenario.picture_tables import FONT_FILES, Picture, Window
from errsurf.scenario.tables import Head
from errsurf.scenario.words import meaning

_PREFIX = "picture_"
_TITLE = "title"
COMPLETED = {
    "chart": completing.records("errsurf.drawing.charts"),
    "overlays": completing.records("errsurf.drawing.overlays"),
    "groups": completing.groups,
    "follow": completing.groups,
}
LISTED = {"chart": "; see `errsurf list charts`", "overlays": "; see `errsurf list overlays`"}


class PictureCommand(click.Command):
    """A command whose help has a separate section for the picture's options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As in click, in two sections."""
        sections: dict[str, list[tuple[str, str]]] = {"Options": [], "Picture": []}
        for option in self.get_params(ctx):
            row = option.get_help_record(ctx) if isinstance(option, click.Option) else None
            if row is not None:
                sections["Picture" if (option.name or "").startswith(_PREFIX) else "Options"].append(row)
        for title, rows in sections.items():
            with formatter.section(title):
                formatter.write_dl(rows)


def picture_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--title``, ``--size``, ``--theme``, ...; the command gets each as ``picture_size`` and so on."""
    for name, (annotation, default) in reversed(_keys().items()):
        flag, kinds, choice = name.replace("_", "-"), _kinds(annotation), _choice(annotation)
        command = click.option(
            f"--{flag}/--no-{flag}" if bool in kinds else f"--{flag}",
            f"{_PREFIX}{name}",
            default=None,
            type=choice,
            multiple=_names(annotation),
            shell_complete=COMPLETED.get(name),
            metavar=None if choice or bool in kinds else _metavar(annotation),
            help=meaning(annotation).replace("`", "") + LISTED.get(name, "") + _shown(default),
        )(command)
    return command


def picture_changes(given: Mapping[str, object]) -> dict[str, object]:
    """The changes to a scenario that these options ask for.

    Lists may be written ``1280x720`` or ``10,20``, a window ``-1,1,-2,2``; a list of names is given by several options.
    A font's file may lie anywhere.
    """
    changes: dict[str, object] = {}
    for name, (annotation, _) in _keys().items():
        value = given.get(f"{_PREFIX}{name}")
        if value is not None and value != ():
            _check_pair(name, value, annotation)
            value = _font(value) if name == "font" else value
            changes[name if name == _TITLE else f"picture.{name}"] = _value(value, annotation)
    return changes


def _check_pair(name: str, given: object, annotation: Any) -> None:
    """Raise a usage error for a size that is a share."""
    share = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", given) if isinstance(given, str) else None
    if share and _metavar(annotation) == "WxH":
        sides = [2 * round(float(share[1]) / 200 * side) for side in Picture._field_defaults[name]]
        whole = "x".join(map(str, Picture._field_defaults[name]))
        raise click.UsageError(
            f"--{name} {given}: a size is in pixels; {given} of {whole} is {'x'.join(map(str, sides))}"
        )


def _font(given: object) -> object:
    """The name of a font; a file of that name where the command runs counts before one beside the scenario."""
    path = Path(str(given))
    if path.suffix.lower() not in FONT_FILES:
        return given
    if path.is_file():
        OWN_FONTS[path.name] = path.resolve()
    elif path.name != str(given):
        raise click.UsageError(f"--font {given}: no such file; the path starts where the command runs")
    return path.name


def _shown(default: object) -> str:
    """A default in brackets, as it is written after its option."""
    if default in (None, "", ()) or isinstance(default, bool):
        return ""
    return f"  [{'x'.join(map(str, default)) if isinstance(default, tuple) else default}]"


def _keys() -> dict[str, tuple[Any, Any]]:
    """Annotation and default of every key."""
    own = {name: (hint, Picture._field_defaults[name]) for name, hint in _hints(Picture).items()}
    return {_TITLE: (_hints(Head)[_TITLE], None)} | own


def _hints(table: Any) -> dict[str, Any]:
    return get_type_hints(table, include_extras=True)


def _value(given: object, annotation: Any) -> object:
    """The given text as a TOML value: quoted if the key takes text, a list if it takes one."""
    if isinstance(given, tuple):
        if len(given) == 1 and _kinds(annotation) & {str, Literal}:
            return given[0]
        return [int(text) if text.isdecimal() else text for text in given]
    kinds = _kinds(annotation)
    if not isinstance(given, str) or given.startswith(("[", "{")):
        return given
    if Window in kinds and len(edges := _numbers(given, ",")) == 4:
        return {"x": edges[:2], "y": edges[2:]}
    if tuple in kinds and ("," in given or int not in kinds):
        return _numbers(given, "[x,]")
    number = int in kinds and given.isdecimal()
    return json.dumps(given, ensure_ascii=False) if str in kinds and not number else given


def _numbers(text: str, separator: str) -> list[object]:
    return [_number(part.strip()) for part in re.split(separator, text)]


def _number(text: str) -> object:
    try:
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        return text


def _kinds(annotation: Any) -> set[Any]:
    """The types that an annotation allows; tuple for lists."""
    if get_origin(annotation) is Annotated:
        return _kinds(annotation.__origin__)
    if get_origin(annotation) in (Union, UnionType):
        return set().union(*map(_kinds, get_args(annotation)))
    return {get_origin(annotation) or annotation}


def _names(annotation: Any) -> bool:
    """Whether a key takes a list of texts."""
    if get_origin(annotation) is tuple:
        return any(_kinds(part) & {str, Literal} for part in get_args(annotation))
    return any(map(_names, get_args(annotation)))


def _choice(annotation: Any) -> click.Choice[str] | None:
    while get_origin(annotation) is Annotated:
        annotation = annotation.__origin__
    return click.Choice(get_args(annotation)) if get_origin(annotation) is Literal else None


def _metavar(annotation: Any) -> str:
    kinds = _kinds(annotation)
    if Window in kinds:
        return "X,X,Y,Y"
    if tuple in kinds and not _names(annotation):
        return "N" if int in kinds else "WxH" if ... not in _tuple_parts(annotation) else "N,N"
    for kind in (kind for kind in kinds if hasattr(kind, "_fields")):
        return "{" + ",".join(f"{key}=..." for key in kind._fields) + "}"
    return "TEXT" if str in kinds or _names(annotation) else "N"


def _tuple_parts(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is tuple:
        return get_args(annotation)
    return next((parts for part in get_args(annotation) if (parts := _tuple_parts(part))), ())
