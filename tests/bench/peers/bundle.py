# bundle.py CELLS FIGURE - one Bezier curve a cell of "outside /8,inside /30,flows", heaviest first.
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.colors import LogNorm
from matplotlib.path import Path

cells = np.loadtxt(sys.argv[1], delimiter=",", ndmin=2)[::-1]
flows = cells[:, 2]
left = np.pi / 2 + np.pi * (cells[:, 0] + 0.5) / 256
right = np.pi / 2 - np.pi * (cells[:, 1] + 0.5) / 256
paths = [
    Path(
        [
            (np.cos(a), np.sin(a)),
            (0.2 * np.cos(a), 0.2 * np.sin(a)),
            (0.2 * np.cos(b), 0.2 * np.sin(b)),
            (np.cos(b), np.sin(b)),
        ],
        [1, 4, 4, 4],
    )
    for a, b in zip(left, right)
]
figure, axes = plt.subplots(figsize=(12, 12), dpi=100)
links = PathCollection(
    paths, facecolors="none", linewidths=0.25 + 5 * np.sqrt(flows / flows.max()), alpha=0.35
)
links.set_edgecolor(plt.cm.viridis(LogNorm(flows.min(), flows.max())(flows)))
axes.add_collection(links)
for i in range(0, 256, 8):
    for angle, name in (
        (np.pi / 2 + np.pi * (i + 0.5) / 256, "%d/8" % i),
        (np.pi / 2 - np.pi * (i + 0.5) / 256, "%d.%d" % (4 + (i >> 6), (i & 63) * 4)),
    ):
        turn = np.degrees(angle) % 360
        flip = 90 < turn < 270
        axes.text(
            1.02 * np.cos(angle), 1.02 * np.sin(angle), name, fontsize=8,
            rotation=turn - 180 if flip else turn, rotation_mode="anchor",
            ha="right" if flip else "left", va="center",
        )
axes.set_xlim(-1.2, 1.2)
axes.set_ylim(-1.2, 1.2)
axes.axis("off")
axes.set_title("Inbound flows: outside /8 (left) to inside /30 (right), top 5000 pairs")
figure.savefig(sys.argv[2])
