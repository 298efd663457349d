"""`python -m mmcourse` is the command `mmcourse`."""

from mmcourse.cli import main

main()
