#!/usr/bin/python3
"""Writes rows of a JSON file, over and over until there are so many, with reportlab's LongTable and an embedded font.

Cells wrap, as in the PDF that it is compared with: texts are paragraphs."""
import json
import sys
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle

rows = [[cell["at"] if isinstance(cell, dict) else "" if cell is None else str(cell) for cell in row]
        for row in json.load(open(sys.argv[1]))]
count = int(sys.argv[2])
pdfmetrics.registerFont(TTFont("DejaVu", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))
style = ParagraphStyle("cell", fontName="DejaVu", fontSize=5.5, leading=6.5, splitLongWords=True)
width = (landscape(A4)[0] - 72) / len(rows[0])
cells = [[Paragraph(escape(text), style) for text in rows[i % len(rows)]] for i in range(count)]
table = LongTable([[f"Column {i}" for i in range(len(rows[0]))]] + cells, colWidths=[width] * len(rows[0]), repeatRows=1)
table.setStyle(TableStyle([
    ("FONT", (0, 0), (-1, -1), "DejaVu", 5.5),
    ("BACKGROUND", (0, 0), (-1, 0), colors.lightsteelblue),
    ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, colors.whitesmoke]),
    ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.lightgrey),
]))
SimpleDocTemplate(sys.argv[3], pagesize=landscape(A4), leftMargin=36, rightMargin=36).build([table])
