"""Compiles what GraalPy 25.0.3's compiler cannot, in terms of what it can.

That is `except*`, and `await` in what a generator expression yields; and what changes
`f.__kwdefaults__`, which is a copy. Where none of them is, nothing here is called: making a tree of
a source takes long. The module `ast` may be one of the user's by name.
"""

import _ast as ast

_GROUPS = "_resty_polyglot.exception_groups"
_EACH = "_resty_polyglot.each"
_LEAVES = "'break', 'continue' and 'return' cannot appear in an except* block"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def compile_source(host, data: bytes, path: str, optimize: int):
    """The code of a module."""
    tree = compile(data, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    rewriter = _Rewriter(data, path)
    rewriter.visit(tree)
    if not rewriter.changed:  # it was in a comment, say
        return compile(data, path, "exec", dont_inherit=True, optimize=optimize)
    compile(tree, path, "exec", dont_inherit=True, optimize=optimize)  # raises what there is
    return host.compile_tree(tree, path, optimize)


class _Rewriter:
    def __init__(self, data, path):
        self._data = data
        self._path = path
        self._number = 0  # of the last statement: one may stand in another
        self.changed = False

    def visit(self, node):
        """Changes the node and what is below it; a TryStar is changed in the list that it is in."""
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                value[:] = self._visit_all(value)
            elif isinstance(value, ast.AST):
                self.visit(value)
                if _is_none(value):
                    setattr(node, field, _none_again(value))
        if isinstance(node, ast.GeneratorExp):
            self._make_asynchronous(node)

    def _visit_all(self, nodes):
        for node in nodes:
            if isinstance(node, ast.AST):
                self.visit(node)
            if isinstance(node, ast.TryStar):
                yield from self._try_star(node)
            elif _is_none(node):
                yield _none_again(node)
            else:
                other = _kwdefaults_set(node)
                self.changed |= other is not node
                yield other

    def _make_asynchronous(self, node):
        if not _awaits(node):
            return
        self.changed = True
        for part in node.generators:
            if not part.is_async:
                part.is_async = 1
                part.iter = _located(_call(_member(_EACH, "Each"), part.iter), part.iter)

    def _try_star(self, node):
        """A `try` with one handler, which asks a Groups what is for whom.

            g = Groups()
            try:
                try:
                    BODY
                except BaseException as r:
                    g.begin(r)
                    if g.matches(KIND):
                        try:
                            try:
                                raise g.matched
                            except BaseException as NAME:
                                g.restore()
                                HANDLER
                        except BaseException as r2:
                            g.add(r2)
                else:
                    ELSE
                if g.is_left():
                    try:
                        raise g.matched
                    finally:
                        g.restore()
            finally:
                del g
                FINALLY

        The names that stand for g and r are none that a source can have. What is left is raised when
        nothing is being handled any more, as it would get that for its __context__.
        """
        self._check(node.handlers)
        self._number += 1
        self.changed = True
        groups, raised = f"<except* {self._number}>", f"<except* {self._number} raised>"

        def ask(name, *arguments):
            return _call(ast.Attribute(_load(groups), name, ast.Load()), *arguments)

        def raise_matched():
            return ast.Raise(ast.Attribute(_load(groups), "matched", ast.Load()))

        def except_all(name, *body):
            return ast.ExceptHandler(_load("BaseException"), name, list(body))

        def handle(handler):
            restore = ast.Expr(ask("restore"))
            named = except_all(handler.name, restore, *handler.body)
            inner = ast.Try([raise_matched()], [named], [], [])
            add = except_all(raised, ast.Expr(ask("add", _load(raised))))
            outer = ast.Try([inner], [add], [], [])
            return _located(ast.If(ask("matches", handler.type), [outer], []), handler)

        make = ast.Assign([ast.Name(groups, ast.Store())], _call(_member(_GROUPS, "Groups")))
        begin = ast.Expr(ask("begin", _load(raised)))
        caught = except_all(raised, begin, *(handle(handler) for handler in node.handlers))
        handled = ast.Try(node.body, [caught], node.orelse, [])
        leave = ast.Try([raise_matched()], [], [], [ast.Expr(ask("restore"))])
        left = ast.If(ask("is_left"), [leave], [])
        forget = ast.Delete([ast.Name(groups, ast.Del())])
        whole = ast.Try([handled, left], [], [], [forget, *node.finalbody])
        return [_located(make, node), _located(whole, node)]

    def _check(self, handlers):
        for handler in handlers:
            for node in handler.body:
                self._check_leaves(node, False)

    def _check_leaves(self, node, in_loop):
        if isinstance(node, _FUNCTIONS):
            return
        jumps = isinstance(node, (ast.Break, ast.Continue)) and not in_loop
        if jumps or isinstance(node, ast.Return):
            line = self._data.splitlines()[node.lineno - 1].decode("utf-8", "replace")
            error = SyntaxError(_LEAVES, (self._path, node.lineno, node.col_offset + 1, line))
            error.end_lineno, error.end_offset = node.end_lineno, node.end_col_offset + 1
            raise error
        for field, child in _parts(node):
            self._check_leaves(child, in_loop or (isinstance(node, _LOOPS) and field == "body"))


def _is_none(node):
    return isinstance(node, ast.MatchSingleton) and node.value is None


def _none_again(pattern):
    """Another pattern for None: GraalPy's compiler takes its value for a missing one.

    It has to be a name with dots, so it is that of something which is None.
    """
    name = ast.Attribute(_load("bytearray"), "__hash__", ast.Load())
    return _located(ast.MatchValue(name), pattern)


def _kwdefaults_set(statement):
    """What stands for a statement that changes `f.__kwdefaults__`: it sets a new dict.

    That is `f.__kwdefaults__[key] = value` and `f.__kwdefaults__.update(…)` where f is a name.
    """
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript):
        changed, key = statement.targets[0].value, statement.targets[0].slice
        value = statement.value
    elif isinstance(statement, ast.Expr) and _is_update(statement.value):
        call = statement.value
        changed, key = call.func.value, None
        value = ast.Call(_load("dict"), call.args, call.keywords)
    else:
        return statement
    if getattr(changed, "attr", "") != "__kwdefaults__" or not isinstance(changed.value, ast.Name):
        return statement
    plain = ast.Attribute(_load(changed.value.id), changed.attr, ast.Load())
    changed.ctx = ast.Store()
    return _located(ast.Assign([changed], ast.Dict([None, key], [plain, value])), statement)


def _is_update(node):
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr == "update" and isinstance(node.func.value, ast.Attribute)


def _awaits(generator):
    """Whether the expression's own frame awaits, which evaluates all but what it iterates first."""
    first, *others = generator.generators
    return any(map(_has_await, [generator.elt, first.target, *first.ifs, *others]))


def _has_await(node):
    if isinstance(node, ast.Await):
        return True
    if isinstance(node, ast.comprehension) and node.is_async:
        return True
    if isinstance(node, ast.Lambda):
        return False
    if isinstance(node, ast.GeneratorExp):
        return _has_await(node.generators[0].iter)
    return any(_has_await(part) for _, part in _parts(node))


def _load(name):
    return ast.Name(name, ast.Load())


def _call(function, *arguments):
    return ast.Call(function, list(arguments), [])


def _member(module, name):
    """An expression for it that needs no name of the module that it stands in."""
    arguments = [ast.Constant(module), *[ast.Constant(None)] * 2, ast.Constant((name,))]
    return ast.Attribute(_call(_load("__import__"), *arguments), name, ast.Load())


def _parts(node):
    """The node's child nodes, each with its field's name."""
    for field in node._fields:
        value = getattr(node, field, None)
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, ast.AST):
                yield field, part


def _located(node, original):
    """The node, where it has no place of its own, at the original's."""
    if not hasattr(node, "lineno"):
        for name in node._attributes:
            setattr(node, name, getattr(original, name))
        for _, part in _parts(node):
            _located(part, original)
    return node
