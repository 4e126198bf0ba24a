"""Loading the Python side: modules of a port, and cases files."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from parity.declarations import Cases
from parity.errors import CannotRun, DoesNotLoad, error_location
from parity.project.python_source import import_root


def load_module(folder: Path | None, name: str) -> ModuleType:
    """A module of the port: below a folder of the settings, or without one an installed module.

    Neither a package nor a file there may hide a module of the standard library.
    """
    file = Path(name)
    try:
        if folder is None:
            return importlib.import_module(name)
        while (folder / "__init__.py").is_file():  # the folder is a package, or a part of one
            folder, name = folder.parent, f"{folder.name}.{name}".rstrip(".")
        sys.path.append(str(folder))
        file = folder.joinpath(*name.split(".")).with_suffix(".py")
        top = name.partition(".")[0]
        package = folder / top / "__init__.py"
        if package.is_file():
            if top not in sys.modules:
                _load_file(top, package, [str(package.parent)])
            return importlib.import_module(name)
        taken = name in sys.modules or top in sys.stdlib_module_names
        return _load_file(f"parity_port.{name}" if taken else name, file)
    except BaseException as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        if missing and name.startswith(missing):
            text = f"no module {name}, in the Python folders or installed, as the settings have it"
            raise DoesNotLoad(text) from None
        raise DoesNotLoad(f"{error_location(error, file)}: {_said(error)}") from None


def search(folders: Sequence[Path]) -> None:
    """Let the port's modules import each other from all folders of the settings."""
    sys.path += [str(import_root(folder)) for folder in folders]


def load_cases(file: Path, name: str, needed: bool = False) -> Cases:
    """A port's entry in its cases file, which may import its neighbours.

    needed: the settings name it, so that it has to be there.
    """
    if not file.is_file():
        if needed:
            raise DoesNotLoad(f"the settings take inputs from {file}, which is not there")
        return Cases()
    sys.path.append(str(file.parent))
    try:
        module = _load_file(f"parity_cases.{file.stem}", file)
        found = getattr(module, name, None if needed else Cases())
    except BaseException as error:
        raise DoesNotLoad(f"{error_location(error, file)}: {_said(error)}") from None
    if found is None:
        raise DoesNotLoad(f"{file}: there is no {name}, from which the settings take inputs")
    if not isinstance(found, Cases):
        raise CannotRun(f"{file}: {name} is {type(found).__name__}, not parity.Cases(...)")
    return found


def _load_file(name: str, file: Path, package: list[str] | None = None) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=package)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _said(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {text}".splitlines()[0]
