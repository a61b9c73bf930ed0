# contact_numpy.sh RAW TABLE FIGURE
here=$(dirname "$0")
${PYTHON:-python3} "$here/contact_numpy.py" "$1" "$2" && sh "$here/contact_draw.sh" "$2" "$3"
