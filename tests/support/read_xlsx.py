#!/usr/bin/env python3
"""What openpyxl finds in a spreadsheet, as JSON: the sheets with their cells, each with its type."""
import datetime
import json
import sys

import openpyxl


def cell(one):
    value = one.value
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        value = value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else value.isoformat()
    elif isinstance(value, datetime.timedelta):
        value = value.total_seconds()
    return {"type": one.data_type, "value": value, "format": one.number_format}


book = openpyxl.load_workbook(sys.argv[1])
sheets = []
for sheet in book.worksheets:
    sheets.append({
        "name": sheet.title,
        "frozen": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "charts": len(sheet._charts),
        "width": sheet.column_dimensions["A"].width,
        "rows": [[cell(one) for one in row] for row in sheet.iter_rows()],
    })
json.dump({"title": book.properties.title, "creator": book.properties.creator, "sheets": sheets}, sys.stdout)
