from lark import Lark, Transformer, UnexpectedInput, v_args

grammar = r"""
?start: sum
?sum: product | sum "+" product -> add | sum "-" product -> sub
?product: atom | product "*" atom -> mul
?atom: NUMBER -> number | "-" atom -> neg | "(" sum ")"
%import common.NUMBER
%ignore " "
"""


@v_args(inline=True)
class Calculate(Transformer):
    from operator import add, mul, neg, sub
    number = float


for parser in ("lalr", "earley"):
    print(Lark(grammar, parser=parser).parse("1+2*-3").pretty())
print(Lark(grammar, parser="lalr", transformer=Calculate()).parse("(1 + 2) * -3 - 4"))
try:
    Lark(grammar, parser="lalr").parse("1 + * 2")
except UnexpectedInput as error:
    print(type(error).__name__, error.line, error.column)
