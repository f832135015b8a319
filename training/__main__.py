"""`python -m training` is `lurewatch-train`."""

from training.cli import main

main()
