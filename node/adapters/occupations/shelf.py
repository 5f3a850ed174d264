"""The index that official files were built into, in one file of the data folder; a second load replaces the first."""

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from node.adapters.occupations.index import SearchIndex
from node.domain.errors import DamagedOccupationsError

FILE = "occupations.npz"
_FORM = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a search and a comparison need."""

    index: SearchIndex
    likeness: NDArray[np.float32]


def save(folder: Path, loaded: Loaded) -> None:
    """Write the file whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{FILE}.{os.getpid()}.new"
    try:
        with draft.open("wb") as file:
            np.savez(file, form=np.array(_FORM), likeness=loaded.likeness, **loaded.index.arrays())  # type: ignore[arg-type]
        draft.replace(folder / FILE)
    finally:
        draft.unlink(missing_ok=True)


def read(folder: Path) -> Loaded | None:
    """What was loaded into this data folder, if anything. Raises: DamagedOccupationsError."""
    try:
        with (folder / FILE).open("rb") as file, np.load(file, allow_pickle=False) as flat:
            if int(flat["form"]) != _FORM:
                raise DamagedOccupationsError(file=FILE)
            arrays = {name: flat[name] for name in flat.files}
        return Loaded(index=SearchIndex.of(arrays), likeness=arrays["likeness"])
    except FileNotFoundError:
        return None
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DamagedOccupationsError(file=FILE) from error
