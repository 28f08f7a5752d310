"""``python -m psnet``."""

from psnet.cli import main

if __name__ == "__main__":
    main()
