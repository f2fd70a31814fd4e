from pygments import highlight
from pygments.formatters import HtmlFormatter, NullFormatter, RawTokenFormatter
from pygments.lexers import get_lexer_by_name, guess_lexer_for_filename

code = "def f(x: int) -> str:\n    return f'{x!r:>5}'  # comment\n"
print(highlight(code, get_lexer_by_name("python"), HtmlFormatter(linenos=True)))
print(highlight('{"a": [1, true]}', get_lexer_by_name("json"), RawTokenFormatter()).decode())
print(guess_lexer_for_filename("nginx.conf", "server { listen 80; }").name)
print(highlight("select 1 -- x", get_lexer_by_name("sql"), NullFormatter()))
