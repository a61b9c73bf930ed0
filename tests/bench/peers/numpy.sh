# numpy.sh RAW TABLE FIGURE
here=$(dirname "$0")
${PYTHON:-python3} "$here/contact.py" "$1" "$2" && sh "$here/draw.sh" "$2" "$3"
