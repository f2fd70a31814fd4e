import io

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.tree import Tree

out = io.StringIO()
console = Console(file=out, width=50, color_system=None, force_terminal=False, legacy_windows=False)
table = Table(title="T")
table.add_column("a", justify="right")
table.add_column("b")
table.add_row("1", "[bold]x[/bold] 日本")
console.print(table, {"k": [1, 2]}, "[red]r[/red]")
tree = Tree("root")
tree.add("leaf").add("deep")
console.print(tree, Markdown("# H\n* i"))
print(out.getvalue())
