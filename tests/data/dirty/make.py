"""Writes the files of this folder: one or two a way in which a real export is dirty.

    python3 make.py

The numbers in the names are those of the list in README.md. Standard library only; the bytes are
the same each time.
"""

import io
import pathlib
import zipfile

HERE = pathlib.Path(__file__).parent
ITEMS = "photo banner headline about experience education skills recommendations url media".split()
ITEM_NAMES = ",".join("item_" + item for item in ITEMS)
JAPANESE = (
    "回答者ID,タイムスタンプ,国・地域,業種,SSIスコア,ブランド,人脈,インサイト,関係構築,つながり数,"
    "業界順位,顔写真,背景,ヘッドライン,自己紹介,職歴,学歴,スキル,推薦,カスタムURL,メディア,合計点"
)
JAPANESE_ROWS = [
    "A1,2018/07/12 15:05:10,日本,製造業,53,20.973,10.5,6.2,15,500+,上位10%,1,0.5,1,1,0.5,1,1,0,1,0.5,7.5",
    "A2,2018/07/13 9:01:00,日本,教育,31,12.1,7.3,1.6,10.2,283,上位45%,1,0,0.5,0.5,0.5,1,0.5,0,0,0,4",
    "A3,2018/07/13 9:30:00,スペイン,金融,68,22.4,14.6,12.1,19.2,500+,上位2%,1,1,1,1,1,1,1,0.5,1,1,9.5",
]


def write(name, text, encoding="utf-8", newline="\n"):
    (HERE / name).write_bytes(text.replace("\n", newline).encode(encoding))


def lines(*rows):
    return "\n".join(rows) + "\n"


SIMPLE = "respondent_id,ssi_total,score_total"


def simple(*rows):
    return lines(SIMPLE, *rows)


write("01_bom.csv", "\ufeff" + simple("A1,53,7.5", "A2,31,4"), newline="\r\n")
write("02_cp932.csv", lines(JAPANESE, *JAPANESE_ROWS), "cp932", "\r\n")
write(
    "03_utf16.tsv",
    "\ufeff" + lines(*(row.replace(",", "\t") for row in [JAPANESE, *JAPANESE_ROWS])),
    "utf-16-le",
    "\r\n",
)
(HERE / "04_undecodable.csv").write_bytes(
    b"respondent_id,region,ssi_total,score_total\nA1,Espa\xf1a,53,7.5\nA2,M\xfcnchen,31,4\n"
)
# UTF-8 read as CP932 and saved again, as a spreadsheet on Windows does.
GARBLED = "回答者ID,SSIスコア,合計点".encode().decode("cp932", "replace").replace("\ufffd", "")
write("04_mojibake.csv", lines(GARBLED, "A1,53,7.5"))
write("05_semicolon.csv", lines("respondent_id;ssi_total;score_total", "A1;53;7.5", "A2;31;4"))
write("05_tab.tsv", lines("respondent_id\tssi_total\tscore_total", "A1\t53\t7.5", "A2\t31\t4"))
write(
    "06_decimal_comma.csv",
    lines(
        "respondent_id;ssi_total;ssi_brand;ssi_find;ssi_engage;ssi_build;score_total",
        "A1;53;20,973;10,5;6,2;15;7,5",
        "A2;31;12,1;7,3;1,6;10,2;4",
    ),
)
write(
    "06_ambiguous_comma.csv",
    lines("respondent_id;ssi_total;score_total;hours_prepared", "A1;53;7;1,024", "A2;31;4;8"),
)
write("07_full_width.csv", simple("A1,７５,８．５", "A2,３１％,４"))
write(
    "08_capped.csv",
    lines(
        SIMPLE + ",conn_display", "A1,53,7,500+", "A2,31,4,５００＋", "A3,40,5,500人以上",
        "A4,20,3,283",
    ),
)
write(
    "09_thousands.csv",
    lines(SIMPLE + ",conn_count", 'A1,53,7,"1,024"', "A2,31,4,812", 'A3,40,5,"12,345"'),
)
write(
    "10_approximate.csv",
    lines(SIMPLE + ",conn_display", "A1,53,7,約300", "A2,31,4,300くらい", "A3,40,5,310"),
)
write(
    "11_missing_codes.csv",
    lines(
        SIMPLE + ",ssi_brand",
        *(
            f"A{i},{code},{i % 10},{code}"
            for i, code in enumerate(
                ["未回答", "無回答", "NA", "N/A", "NaN", "null", "#N/A", "-", "", "－"], 1
            )
        ),
        "A11,53,7,20",
    ),
)
write(
    "12_not_visible.csv",
    lines(
        f"respondent_id,ssi_total,{ITEM_NAMES},score_total",
        "A1,53,1,1,1,1,1,1,1,0,0,0,7",
        "A2,31,1,見えない,1,1,1,1,1,0,0,0,6",
        "A3,40,1,1,1,1,1,1,1,NV,0,0,",
    ),
)
write(
    "13_out_of.csv",
    simple("A1,53 out of 100,7/10", "A2,31/100,4点", "A3,75点,8", "A4,40/50,5"),
)
write(
    "14_top_percent.csv",
    lines(
        SIMPLE + ",ssi_industry_top", "A1,53,7,Top 10%", "A2,31,4,上位10％", "A3,40,5,0.1",
        "A4,60,5,37",
    ),
)
write("15_ssi_out_of_range.csv", simple("A1,53,7", "A2,131,4", "A3,-1,5", "A4,1O3,5"))
write(
    "16_pillar_out_of_range.csv",
    lines(SIMPLE + ",ssi_brand", "A1,53,7,20.973", "A2,31,4,31"),
)
write(
    "17_pillars_do_not_add_up.csv",
    lines(
        "respondent_id,ssi_total,ssi_brand,ssi_find,ssi_engage,ssi_build,score_total",
        "A1,53,20.973,10.5,6.129,15,7.5",
        "A2,31,12.1,7.3,1.6,15,4",
        "A3,31,12.1,7.3,1.6,,4",
    ),
)
write("18_share.csv", simple("A1,0.53,7", "A2,0.31,4"))
write("18_pillar.csv", simple("A1,20,7", "A2,12,4"))
write(
    "19_item_scores.csv",
    lines(
        f"respondent_id,ssi_total,{ITEM_NAMES}",
        "A1,53,1,0.5,1,1,0.5,1,1,0,1,0.5",
        "A2,31,0.7,0.5,1,1,0.5,1,1,0,1,0.5",
        "A3,40,○,0.5,1,1,0.5,1,1,0,1,0.5",
    ),
)
MARKS = lines(
    f"respondent_id,ssi_total,{ITEM_NAMES}",
    "A1,53,○,△,○,○,△,○,○,×,○,△",
    "A2,31,○,×,△,×,△,○,○,×,×,×",
)
write("19_marks.csv", MARKS)
write(
    "19_words.csv",
    lines(
        f"respondent_id,ssi_total,{ITEM_NAMES}",
        "A1,53,はい,いいえ,はい,Yes,No,✓,はい,いいえ,Yes,✓",
        "A2,31,いいえ,いいえ,はい,No,No,✓,いいえ,いいえ,No,はい",
    ),
)
write(
    "20_five_point.csv",
    lines(
        f"respondent_id,ssi_total,{ITEM_NAMES}",
        "A1,53,5,4,3,5,4,4,3,2,1,5",
        "A2,31,2,1,3,2,2,1,3,2,1,1",
    ),
)
write(
    "21_total.csv",
    lines(
        f"respondent_id,ssi_total,{ITEM_NAMES},score_total",
        "A1,53,1,0.5,1,1,0.5,1,1,0,1,0.5,7.5",
        "A2,31,1,0.5,1,1,0.5,1,1,0,1,0.5,8",
    ),
)
write(
    "22_duplicates.csv",
    simple("A1,53,7", "A2,31,4", "A1,53,7", "A2,31,5", "A3,40,5"),
)
write(
    "23_raters.csv",
    lines(
        f"respondent_id,rater_id,ssi_total,{ITEM_NAMES},score_total",
        "A1,R1,53,1,0.5,1,1,0.5,1,1,0,1,0.5,7.5",
        "A1,R2,,1,1,1,1,0.5,1,1,0,1,0.5,8",
        "A2,R1,31,1,0,0,0,0,1,1,0,0,0,3",
        "A3,R1,40,1,0,0,0,0,1,1,0,0,0,3",
        "A3,R2,44,1,0,0,0,0,1,1,0,0,0,3",
    ),
)
write(
    "24_waves.csv",
    lines(
        "respondent_id,wave,ssi_total,score_total", "A1,pre,31,4", "A1,post,53,7", "A2,pre,40,5",
    ),
)
write(
    "24_no_wave.csv", simple("A1,31,4", "A1,53,7", "A2,40,5"),
)
write(
    "25_dates.csv",
    lines(
        SIMPLE + ",ssi_date", "A1,53,7,2018-07-12", "A2,31,4,2018/7/13", "A3,40,5,2018年7月14日",
        "A4,41,5,平成30年7月15日", "A5,42,5,2018/07/16 午後 3:05", "A6,43,5,43298",
        "A7,44,5,03/04/2018",
    ),
)
write("26_dates_for_answers.csv", simple("A1,53,7", "A2,31,5月10日", "A3,40,4"))
write(
    "27_title_rows.csv",
    lines("2018年度 SSI調査,,", ",,", SIMPLE, "A1,53,7", "A2,31,4"),
)
write(
    "27_two_header_rows.csv",
    lines(
        "2018年度 SSI調査,,,,,,", "回答者ID,SSI,,,,,評価", ",合計,ブランド,人脈,インサイト,関係構築,合計",
        "A1,53,20.973,10.5,6.2,15,7.5", "A2,31,12.1,7.3,1.6,10.2,4",
    ),
)
write("27_no_header.csv", lines("調査結果,,", "A1,53,7", "A2,31,4"))
write(
    "28_required_twice.csv",
    lines("respondent_id,SSIスコア,SSI,score_total", "A1,53,53,7", "A2,31,31,4"),
)
write("28_required_missing.csv", lines("respondent_id,score_total", "A1,7", "A2,4"))
write(
    "29_totals.csv",
    lines(SIMPLE, "A1,53,7", "", "A2,31,4", ",,", "合計,84,11", "平均,42,5.5"),
)
write("29_ragged.csv", simple("A1,53,7", "A2,31", "A3,40,5,,", "A4,50,6,9"))
write("30_name.csv", lines("respondent_id,氏名,ssi_total,score_total", "A1,山田,53,7"))
write(
    "30_mail_in_a_cell.csv",
    lines("respondent_id,region,ssi_total,score_total", "A1,taro@example.com,53,7"),
)
write("30_formula.csv", simple("A1,53,7", "A2,=50+3,4", "A3,40,5"))
write("empty.csv", "")
write("white_space.csv", "\n \n\t\n")
write("header_only.csv", lines(SIMPLE))
(HERE / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1")
(HERE / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64))
(HERE / "nul.csv").write_bytes(b"respondent_id,ssi_total\nA1,5\x003\n")
write("open_quote.csv", simple("A1,53,7", 'A2,"31,4', "A3,40,5"))


def workbook(name, rows, damage=("\0", ""), merged=()):
    """An XLSX file of one sheet; a cell is text, a number, ("=", formula, result) or a date."""
    def cell(row, column, value):
        place = f"{chr(65 + column)}{row}"
        match value:
            case None:
                return ""
            case str():
                text = value.replace("&", "&amp;").replace("<", "&lt;")
                return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
            case ("=", formula, None):
                return f'<c r="{place}"><f>{formula}</f></c>'
            case ("=", formula, result):
                return f'<c r="{place}"><f>{formula}</f><v>{result}</v></c>'
            case ("date", serial):
                return f'<c r="{place}" s="1"><v>{serial}</v></c>'
            case number:
                return f'<c r="{place}"><v>{number}</v></c>'

    sheet = "".join(
        f'<row r="{r}">{"".join(cell(r, c, value) for c, value in enumerate(values))}</row>'
        for r, values in rows
    )
    sheet = f"<sheetData>{sheet.replace(*damage)}</sheetData>"
    if merged:
        cells = "".join(f'<mergeCell ref="{place}"/>' for place in merged)
        sheet += f'<mergeCells count="{len(merged)}">{cells}</mergeCells>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets>'
        '<sheet name="回答" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{links}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(zipfile.ZipInfo(path, (2018, 7, 12, 0, 0, 0)), head + text)
    (HERE / name).write_bytes(out.getvalue())


workbook(
    "survey.xlsx",
    [
        (1, ["回答者ID", "確認日", "SSIスコア", "SSI確認日", "ブランド", "つながり数", "合計点"]),
        (2, ["A1", "x", 53, ("date", 43293), 20.973, "500+", 7.5]),
        (4, ["A2", None, 31, ("date", 43294), None, 283]),
        (5, ["A3", None, "７５点", ("date", 43295), 24.5, "約300", 8]),
    ],
)
workbook(
    "30_formulas.xlsx",
    [
        (1, ["respondent_id", "ssi_total", "score_total"]),
        (2, ["A1", 53, ("=", "3+4", 7)]),
        (3, ["A2", ("=", "30+1", 31), 4]),
        (4, ["A3", 40, ("=", "2+3", None)]),
        (5, ["A4", 45, 5]),
        (6, ["A5", 46, 6]),
    ],
)
workbook("26_dates.xlsx", [(1, ["respondent_id", "ssi_total", "score_total"]),
                           (2, ["A1", 53, ("date", 43230)]), (3, ["A2", 31, 4])])
workbook(
    "damaged.xlsx",
    [(1, ["respondent_id", "ssi_total", "score_total"]), (2, ["A1", 53, 7])],
    damage=('r="A2"', 'r="A99999999999"'),
)
workbook(
    "27_merged.xlsx",
    [
        (1, ["2018年度 SSI調査"]),
        (3, ["回答者ID", "セッション", "SSI", None, None, None, None, "評価"]),
        (4, [None, None, "合計", "ブランド", "人脈", "インサイト", "関係構築", "合計"]),
        (5, ["A1", "東京", 53, 20.973, 10.5, 6.2, 15, 7.5]),
        (6, ["A2", None, 31, 12.1, 7.3, 1.6, 10.2, 4]),
        (7, ["A3", "大阪", 68, 22.4, 14.6, 12.1, 19.2, 9.5]),
    ],
    merged=["A1:H1", "A3:A4", "B3:B4", "C3:G3", "B5:B6"],
)
