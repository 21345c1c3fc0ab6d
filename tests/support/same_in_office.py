#!/usr/bin/env python3
"""Compares what LibreOffice finds in a spreadsheet with what openpyxl does: every cell of every sheet, with its type.

same_in_office.py BOOK.xlsx BOOK.fods: prints how many cells there are; fails with the cells that differ. The .fods is
what soffice has made of the book: it names the type of each cell and its exact value.
"""
import datetime
import re
import sys
import xml.etree.ElementTree as ElementTree

import openpyxl

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def text_of(paragraph):
    """The text of a paragraph: several blanks, tabs and line breaks are elements of their own."""
    out = paragraph.text or ""
    for child in paragraph:
        if child.tag == TEXT + "s":
            out += " " * int(child.get(TEXT + "c", "1"))
        elif child.tag == TEXT + "tab":
            out += "\t"
        elif child.tag == TEXT + "line-break":
            out += "\n"
        else:
            out += text_of(child)
        out += child.tail or ""
    return out


def seconds_of(span):
    hours, minutes, seconds = re.fullmatch(r"-?PT(\d+)H(\d+)M([\d.]+)S", span).groups()
    return (-1 if span.startswith("-") else 1) * (int(hours) * 3600 + int(minutes) * 60 + float(seconds))


def to_second(moment):
    """A moment is a number of days in the file: what both make of it differs by less than a millisecond."""
    return (moment + datetime.timedelta(milliseconds=500)).replace(microsecond=0)


def moment_of(text):
    whole, _, fraction = text.partition(".")
    return to_second(datetime.datetime.fromisoformat(whole) + datetime.timedelta(seconds=float("0." + (fraction or "0"))))


def of_office(cell):
    kind = cell.get(OFFICE + "value-type")
    if kind is None:
        return None
    if kind == "string":
        return ("text", "\n".join(text_of(one) for one in cell.findall(TEXT + "p")))
    if kind == "date":
        return ("moment", moment_of(cell.get(OFFICE + "date-value")))
    if kind == "time":
        return ("span", round(seconds_of(cell.get(OFFICE + "time-value"))))
    if kind == "boolean":
        return ("number", float(cell.get(OFFICE + "boolean-value") == "true"))
    return ("number", float(cell.get(OFFICE + "value")))


def of_openpyxl(cell):
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return ("formula", value)
    if isinstance(value, (bool, int, float)):  # LibreOffice keeps truth as a number that is shown as a word
        return ("number", float(value))
    if isinstance(value, datetime.datetime):
        return ("moment", to_second(value))
    if isinstance(value, datetime.time):
        return ("span", value.hour * 3600 + value.minute * 60 + value.second)
    if isinstance(value, datetime.timedelta):
        return ("span", round(value.total_seconds()))
    return ("text", value.replace("\r\n", "\n"))


def rows_of(element):
    for child in element:
        if child.tag == TABLE + "table-row":
            yield child
        elif child.tag in (TABLE + "table-header-rows", TABLE + "table-row-group", TABLE + "table-rows"):
            yield from rows_of(child)


def sheets_of_office(path):
    sheets = {}
    # A chart within a sheet has a table of its own, with rows of its own.
    for table in ElementTree.parse(path).getroot().iterfind(f"{OFFICE}body/{OFFICE}spreadsheet/{TABLE}table"):
        cells = sheets.setdefault(table.get(TABLE + "name"), {})
        row_at = 0
        for row in rows_of(table):
            repeated = int(row.get(TABLE + "number-rows-repeated", "1"))
            column_at = 0
            for cell in row:
                if cell.tag not in (TABLE + "table-cell", TABLE + "covered-table-cell"):
                    continue
                wide = int(cell.get(TABLE + "number-columns-repeated", "1"))
                value = of_office(cell)
                if value is not None:
                    for down in range(repeated):
                        for right in range(wide):
                            cells[(row_at + down, column_at + right)] = value
                column_at += wide
            row_at += repeated
    return sheets


def sheets_of_openpyxl(path):
    sheets = {}
    for sheet in openpyxl.load_workbook(path).worksheets:
        cells = sheets.setdefault(sheet.title, {})
        for row in sheet.iter_rows():
            for cell in row:
                value = of_openpyxl(cell)
                if value is not None:
                    cells[(cell.row - 1, cell.column - 1)] = value
    return sheets


ours, theirs = sheets_of_openpyxl(sys.argv[1]), sheets_of_office(sys.argv[2])
if list(ours) != list(theirs):
    sys.exit(f"sheets: {list(ours)} and {list(theirs)}")
different = [
    f"{name} {at}: {ours[name].get(at)!r} and {theirs[name].get(at)!r}"
    for name in ours
    for at in sorted(set(ours[name]) | set(theirs[name]))
    if ours[name].get(at) != theirs[name].get(at)
]
if different:
    sys.exit("\n".join(different[:20]))
print(sum(len(cells) for cells in ours.values()))
