import operator

import pyparsing as pp

number = pp.pyparsing_common.number()
operations = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def fold(tokens):
    items = list(tokens[0])
    value = items[0]
    for sign, right in zip(items[1::2], items[2::2]):
        value = operations[sign](value, right)
    return value


expression = pp.infix_notation(number, [(pp.one_of("* /"), 2, pp.OpAssoc.LEFT, fold),
                                        (pp.one_of("+ -"), 2, pp.OpAssoc.LEFT, fold)])
print(expression.parse_string("1 + 2 * (3 - 4) / 5", parse_all=True)[0])
pair = pp.Group(pp.Word(pp.alphas)("key") + pp.Suppress("=") + pp.QuotedString('"')("value"))
print([(p.key, p.value) for p in pp.delimited_list(pair).parse_string('a="1", b="x y"')])
try:
    expression.parse_string("1 +", parse_all=True)
except pp.ParseException as error:
    print(error)
