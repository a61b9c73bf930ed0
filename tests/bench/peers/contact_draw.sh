# contact_draw.sh TABLE FIGURE - the picture of a peer's table.
gnuplot -e "table='$1'; figure='$2'; from=1700006400" "$(dirname "$0")/contact.gp"
