"""Figures as pictures, which can take each other's place in a notebook."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
from IPython.display import Image
from matplotlib.figure import Figure


def picture(figure: Figure, alt: str) -> Image:
    """Turn a figure into a PNG and close it, so that a hundred moves of a slider leave no figure open.

    alt  what the figure shows, for readers who hear it read out
    """
    png = io.BytesIO()
    figure.savefig(png, format="png")
    plt.close(figure)
    return Image(data=png.getvalue(), format="png", alt=alt)
