"""Django's own entry, for tools that look for it. People use the command `pioneer`."""

from pioneer.__main__ import main

if __name__ == "__main__":
    main()
