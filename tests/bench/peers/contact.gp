# The contact map from "hour,destinations,sources" lines; variables: table, figure, from.
set terminal pngcairo size 1600,1000 font 'DejaVu Sans,16'
set output figure
set datafile separator ','
set title 'Outside sources by number of inside hosts contacted in the hour, 198.18.4.0/22'
set xlabel 'day (UTC)'
set ylabel 'inside hosts contacted'
set cblabel 'sources'
set xdata time
set timefmt '%s'
set format x '%d %b'
set xtics 86400 * 5 out
set ytics out
set logscale y 2
set logscale cb
set yrange [1:1100]
set xrange [from:from + 86400 * 30]
set palette defined (0 '#fde725', 0.25 '#5ec962', 0.5 '#21918c', 0.75 '#3b528b', 1 '#440154')
set style fill solid 1 noborder
unset key
plot table using (from + $1 * 3600):2:(from + $1 * 3600):(from + ($1 + 1) * 3600):2:($2 + 1):3 \
	with boxxyerror linecolor palette
