# ephemeral.py TABLE FIGURE - scatter of "time,port" lines; points as a raster layer in SVG and PDF.
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as dates
import matplotlib.pyplot as plt
import pandas as pd

points = pd.read_csv(sys.argv[1], header=None, dtype=float).to_numpy()
figure, axes = plt.subplots(figsize=(16, 10), dpi=100)
axes.scatter(points[:, 0] / 86400, points[:, 1], s=1, lw=0, color="#205080", rasterized=True)
axes.xaxis_date()
axes.xaxis.set_major_formatter(dates.DateFormatter("%d %b"))
axes.set_ylim(0, 65536)
axes.set_ylabel("source port")
axes.set_xlabel("start time (UTC)")
axes.set_title("Source ports of flows sent by 198.18.4.1")
figure.savefig(sys.argv[2])
