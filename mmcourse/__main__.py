"""`python -m mmcourse` is the command `mmcourse`."""

from mmcourse.cli import main

if __name__ == "__main__":  # processes that a command starts import this file too
    main()
