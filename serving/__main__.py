"""`python -m serving` is `lurewatch`."""

from serving.cli import main

if __name__ == "__main__":
    main()
