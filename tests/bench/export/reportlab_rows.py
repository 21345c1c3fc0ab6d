#!/usr/bin/python3
"""reportlab_rows.py plain|wrapped CSV PDF: writes the rows of a CSV file below its headings with reportlab's LongTable and
an embedded font.

plain: cells are strings, in one line each, which reach over their neighbours where they are longer than the column is
wide; that is the fastest that LongTable can. wrapped: cells are paragraphs, which wrap as in the PDF that it is compared
with. Both have the same column widths."""
import csv
import sys
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle

kind, source, target = sys.argv[1:]
with open(source, newline="", encoding="utf-8") as file:
    reader = csv.reader(file)
    heads = next(reader)
    rows = list(reader)
pdfmetrics.registerFont(TTFont("DejaVu", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))
if kind == "wrapped":
    style = ParagraphStyle("cell", fontName="DejaVu", fontSize=5.5, leading=6.5, splitLongWords=True)
    rows = [[Paragraph(escape(text), style) for text in row] for row in rows]
width = (landscape(A4)[0] - 72) / len(heads)
table = LongTable([heads] + rows, colWidths=[width] * len(heads), repeatRows=1)
table.setStyle(TableStyle([
    ("FONT", (0, 0), (-1, -1), "DejaVu", 5.5),
    ("BACKGROUND", (0, 0), (-1, 0), colors.lightsteelblue),
    ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, colors.whitesmoke]),
    ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.lightgrey),
]))
SimpleDocTemplate(target, pagesize=landscape(A4), leftMargin=36, rightMargin=36).build([table])
