"""`python -m ssmtui` and the `ssmtui` script."""

from ssmtui.cli.main import main

if __name__ == "__main__":
    main()
