"""mmcourse: a course on multimodal learning with pictures and speech.

Importing the package is light: torch is loaded by the parts that need it
(`mmcourse.data`, `mmcourse.features`, ...), never by this file.
"""

__version__ = "0.1.0"
