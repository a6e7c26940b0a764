"""Geometry of the charts that pages draw as SVG: pure functions from figures to places.

Across, everything is a percentage of the plot, so that one drawing fits a phone and a wall;
lines live in a nested box of 100 by 100 that is stretched. Places are strings with a full stop:
a template must not write them in the reader's locale. Unknown values are None and leave a gap.
"""
