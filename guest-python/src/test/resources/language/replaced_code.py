import sys
import traceback


def where():
    code = sys._getframe().f_code
    return code.co_name, code.co_filename.rpartition("/")[2]


def generator():
    yield sys._getframe().f_code.co_name


code = compile("def g():\n  raise ValueError(1)\n\ng()", "template.html", "exec")
for changes in ({}, {"co_name": "block 'body'"}):
    replaced = code.replace(**changes)
    try:
        exec(replaced)
    except ValueError as error:
        frames = traceback.extract_tb(error.__traceback__)[1:]
        print(replaced.co_name, [(f.filename, f.lineno, f.name) for f in frames])

where.__code__ = where.__code__.replace(co_name="elsewhere")
print(where())
generator.__code__ = generator.__code__.replace(co_name="numbers")
print(list(generator()))
