import datetime
import io

import openpyxl
from openpyxl.styles import Font

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Data"
sheet.append(["name", "n", "when"])
sheet.append(["ü & <x>", 2.5, datetime.date(2024, 2, 29)])
sheet["B3"] = "=SUM(B2:B2)"
sheet["A1"].font = Font(bold=True)
out = io.BytesIO()
book.save(out)
again = openpyxl.load_workbook(io.BytesIO(out.getvalue()))
print(again.sheetnames, [[cell.value for cell in row] for row in again["Data"].iter_rows()])
print(again["Data"]["A1"].font.bold, again["Data"].dimensions)
