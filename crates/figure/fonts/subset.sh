#!/bin/sh
# Remakes the two embedded fonts from Noto Sans JP (SIL Open Font License 1.1).
#
# Needs npm and fontTools (`pip install fonttools`); PYFTSUBSET and PYTHON name other programs.
# Regular: kana, JIS X 0208 levels 1 and 2, Latin, Greek, maths signs, arrows, punctuation,
# full-width forms. Bold: the same with level 1 only; a rarer kanji in a title falls back to
# regular. Hints are dropped (outlines are drawn at ten times the size), and all layout features
# but kerning and the composition of marks.
set -eu
cd "$(dirname "$0")"
version=0.4.3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --silent --pack-destination "$work" "@expo-google-fonts/noto-sans-jp@$version" >/dev/null
tar -xzf "$work"/*.tgz -C "$work"

"${PYTHON:-python3}" - "$work" <<'PYTHON'
import sys

work = sys.argv[1]
ranges = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3FF), (0x2010, 0x2027), (0x2030, 0x205E),
    (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218B), (0x2190, 0x21FF),
    (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x257F), (0x25A0, 0x25FF), (0x2600, 0x266F), (0x2713, 0x2717),
    (0x3000, 0x30FF), (0x31F0, 0x31FF), (0xFF00, 0xFFEF),
]
shared = {code for low, high in ranges for code in range(low, high + 1)}


def rows(first, last):
    """The characters of the rows of JIS X 0208, by way of EUC-JP."""
    for row in range(first, last + 1):
        for cell in range(1, 95):
            try:
                yield ord(bytes([0xA0 + row, 0xA0 + cell]).decode("euc_jp"))
            except (UnicodeDecodeError, TypeError):
                pass


def write(name, codes):
    with open(f"{work}/{name}", "w") as out:
        out.write("\n".join(f"{code:X}" for code in sorted(codes)))


level_1 = shared | set(rows(1, 8)) | set(rows(16, 47))
write("bold.txt", level_1)
write("regular.txt", level_1 | set(rows(48, 84)))
PYTHON

subset() {
    "${PYFTSUBSET:-pyftsubset}" "$work/package/$1" --output-file="$2" --unicodes-file="$work/$3" \
        --layout-features=ccmp,mark,kern --no-hinting --desubroutinize --no-glyph-names --drop-tables+=vhea,vmtx,BASE,STAT,gasp,prep \
        --name-IDs=0,1,2,3,4,5,6,13,14 --notdef-outline --recalc-bounds --no-recalc-timestamp
}
subset 400Regular/NotoSansJP_400Regular.ttf NotoSansJP-Regular.ttf regular.txt
subset 700Bold/NotoSansJP_700Bold.ttf NotoSansJP-Bold.ttf bold.txt
cp "$work/package/LICENSE_FONT" OFL.txt
