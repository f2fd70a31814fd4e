from tabulate import tabulate

rows = [["spam", 41.9999, None], ["eggs", 451, "x\ny"]]
for style in ("grid", "github", "html", "latex", "fancy_grid"):
    print(tabulate(rows, headers=["item", "qty", "n"], tablefmt=style))
