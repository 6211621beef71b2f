"""`python -m ssmtui` and the `ssmtui` script."""

from ssmtui.cli.entry import main

if __name__ == "__main__":
    main()
