"""The console script `goalkeeper`, also as `python -m bot`."""

from bot.cli.root import goalkeeper


def main() -> None:
    """Run what the command line says."""
    goalkeeper(prog_name="goalkeeper")


if __name__ == "__main__":
    main()
