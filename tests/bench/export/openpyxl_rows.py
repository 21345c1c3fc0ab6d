#!/usr/bin/env python3
"""Writes rows of a JSON file, over and over until there are so many, with openpyxl's write-only mode; prints the seconds."""
import datetime
import json
import sys
import time

import openpyxl

rows = [[datetime.datetime.fromisoformat(cell["at"]) if isinstance(cell, dict) else cell for cell in row]
        for row in json.load(open(sys.argv[1]))]
count = int(sys.argv[2])
start = time.monotonic()
book = openpyxl.Workbook(write_only=True)
sheet = book.create_sheet("Visits")
for number in range(count):
    sheet.append(rows[number % len(rows)])
book.save(sys.argv[3])
print(time.monotonic() - start)
