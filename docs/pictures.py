"""Takes pictures: starts Goalkeeper afresh, clicks through it, photographs the page and looks it over.

`python -m docs.pictures` takes those that the README and the docs show; `--everywhere` takes all of them, on
desk and phone, by day and by night, into a folder beside. With names after it, it takes only those. It fails
when anything in a picture is cut off, covered, hard to read or without a name.
"""

import re
import sys
from argparse import ArgumentParser
from pathlib import Path

from docs.scenes import SCENES
from docs.studio import ROOT, Studio, browser, product
from docs.ways import WAYS

FOLDER = Path(__file__).parent / "pictures"
EVERYWHERE = FOLDER / "everywhere"


def main() -> None:
    """Take the pictures that the command line asks for."""
    parser = ArgumentParser(prog="make pictures", description="Take the pictures of the README and the docs.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these pictures")
    to_all = f"all there are, in four ways, into {_short(EVERYWHERE)}"
    parser.add_argument("--everywhere", action="store_true", help=to_all)
    asked = parser.parse_args()
    names = set(asked.names)
    if asked.everywhere:
        wanted = {name + way.name for name in names for way in WAYS}
        _take(EVERYWHERE, wanted)
    else:
        _take(FOLDER, names or shown())


def shown() -> set[str]:
    """Return the names of the pictures that the README and the docs show."""
    pages = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    return {name for page in pages for name in re.findall(r"pictures/([\w-]+)\.png", page.read_text())}


def _take(folder: Path, wanted: set[str]) -> None:
    """Take these, or all if none is named; what is wrong ends it with words."""
    with browser() as chromium, product() as address:
        studio = Studio(
            chromium, address, lambda name: folder / f"{name}.png" if not wanted or name in wanted else None
        )
        for scene in SCENES:
            studio.begin_anew()
            scene(studio)
    missing = [f"There is no picture {name}." for name in sorted(wanted - studio.seen)]
    if problems := missing + studio.flaws:
        raise SystemExit("\n".join(problems))
    sys.stdout.write(f"The pictures are in {_short(folder)}.\n")


def _short(folder: Path) -> str:
    return str(folder.relative_to(ROOT))


if __name__ == "__main__":
    main()
