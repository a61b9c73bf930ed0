# Impulses from "hour,port,bytes" lines; variables: table, figure.
set terminal pngcairo size 1600,1000 font 'DejaVu Sans,16'
set output figure
set datafile separator ','
unset key
set title 'Bytes to 198.18.4.10 by destination port and hour'
set xlabel 'day'
set ylabel 'destination port'
set zlabel 'bytes' rotate
set logscale z
set format z '10^{%T}'
set view 55,330
set xyplane 0
set grid
set yrange [0:65536]
set logscale cb
set format cb '10^{%T}'
set zrange [40:*]
set palette defined (0 '#440154', 0.25 '#3b528b', 0.5 '#21918c', 0.75 '#5ec962', 1 '#fde725')
splot table using ($1 / 24.):2:3:3 with impulses linecolor palette
