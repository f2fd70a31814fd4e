"""Reads C declarations: of functions and typedefs. What is in structs and enums is skipped."""

import re

from _resty_polyglot.cffi_types import (
    NAMED,
    ArrayType,
    CType,
    FunctionType,
    OpaqueType,
    PointerType,
)

_TOKEN = re.compile(r"\s*([A-Za-z_]\w*|\d\w*|\.\.\.|[*()\[\],;{}=:])")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_QUALIFIERS = frozenset(
    "const volatile restrict __restrict __restrict__ extern static inline register".split()
)
_WORDS = frozenset("void char short int long signed unsigned float double _Bool bool".split())
_TAGS = frozenset(("struct", "union", "enum"))


class CDefError(Exception):
    """Text that is no C declaration, or none that we read."""


class Parser:
    """Types and functions by name: those that every FFI knows, and those that were declared."""

    def __init__(self):
        self._named = dict(NAMED)
        self._types: "dict[str, CType]" = {}
        self.functions: "dict[str, FunctionType]" = {}

    def declare(self, source: str) -> None:
        """Takes what the text declares."""
        reader = _Reader(source, self._named)
        while reader.peek() is not None:
            if not reader.accept(";"):
                self._take(reader.declaration(), source)

    def _take(self, declared, source):
        is_typedef, names = declared
        for name, ctype in names:
            if is_typedef:
                self._named[name] = ctype
                self._types.clear()
            elif ctype.kind == "function":
                self.functions[name] = ctype
            else:
                raise CDefError(f"'{name}' is a global variable in: {source.strip()}")

    def type_of(self, text: str) -> CType:
        """The type that is named like "char *"."""
        ctype = self._types.get(text)
        if ctype is None:
            if not isinstance(text, str):
                raise TypeError(f"the name of a C type is expected, not {type(text).__name__}")
            ctype = _Reader(text, self._named).type_name()
            self._types[text] = ctype
        return ctype


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, text, named, tokens=None):
        self._text = text
        self._named = named
        self._tokens = _tokens(text) if tokens is None else tokens
        self._at = 0

    def peek(self, ahead=0):
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else None

    def _next(self):
        token = self.peek()
        self._at += 1
        return token

    def accept(self, token):
        if self.peek() != token:
            return False
        self._at += 1
        return True

    def _expect(self, token):
        if not self.accept(token):
            raise self._error(f'"{token}" expected')

    def _error(self, problem):
        found = self.peek()
        where = "at its end" if found is None else f'before "{found}"'
        return CDefError(f"cannot parse C: {problem} {where} in: {self._text.strip()}")

    def declaration(self):
        """Whether it is a typedef, and the names with their types."""
        is_typedef = self.accept("typedef")
        base = self._base()
        names = []
        while self.peek() != ";":
            names.append(self._declarator(base))
            if names[-1][0] is None:
                raise self._error("a name expected")
            if not self.accept(","):
                break
        self._expect(";")
        return is_typedef, names

    def type_name(self):
        """A type without a name."""
        name, ctype = self._declarator(self._base())
        if name is not None or self.peek() is not None:
            raise self._error("nothing but a type expected")
        return ctype

    def _skip_qualifiers(self):
        while self.peek() in _QUALIFIERS:
            self._at += 1

    def _base(self):
        words = []
        while True:
            self._skip_qualifiers()
            token = self.peek()
            if token in _WORDS:
                words.append(self._next())
            elif words:
                return self._named_type(_normal(words))
            elif token in _TAGS:
                return self._tagged(self._next())
            elif token is None or not (token[0].isalpha() or token[0] == "_"):
                raise self._error("a type expected")
            else:
                found = self._named_type(self._next())
                self._skip_qualifiers()
                return found

    def _named_type(self, name):
        ctype = self._named.get(name)
        if ctype is None:
            raise CDefError(f"unknown type '{name}' in: {self._text.strip()}")
        return ctype

    def _tagged(self, tag):
        name = ""
        if self.peek() not in ("{", None):
            name = self._next()
        if self.accept("{"):
            depth = 1
            while depth:
                token = self._next()
                if token is None:
                    raise self._error('"}" expected')
                depth += (token == "{") - (token == "}")
        return NAMED["int"] if tag == "enum" else OpaqueType(f"{tag} {name or '$'}")

    def _declarator(self, base):
        """The name, or None, and the type."""
        self._skip_qualifiers()
        while self.accept("*"):
            base = PointerType(base)
            self._skip_qualifiers()
        if self.peek() == "(" and (self.peek(1) in ("*", "(") or self._is_new_name(self.peek(1))):
            inner = self._parenthesised()
            reader = _Reader(self._text, self._named, inner)
            name, ctype = reader._declarator(self._suffixes(base))
            if reader.peek() is not None:
                raise reader._error("a declaration expected")
            return name, ctype
        name = self._next() if self._is_new_name(self.peek()) else None
        return name, self._suffixes(base)

    def _is_new_name(self, token):
        return (
            token is not None
            and (token[0].isalpha() or token[0] == "_")
            and token not in _WORDS
            and token not in _TAGS
            and token not in _QUALIFIERS
            and (token not in self._named or self.peek(1) in ("(", "[", ";", ",", ")", None))
        )

    def _parenthesised(self):
        self._expect("(")
        start = self._at
        depth = 1
        while depth:
            token = self._next()
            if token is None:
                raise self._error('")" expected')
            depth += (token == "(") - (token == ")")
        return self._tokens[start : self._at - 1]

    def _suffixes(self, base):
        if self.peek() == "(":
            params, variadic = self._params(self._parenthesised())
            return FunctionType(base, params, variadic)
        lengths = []
        while self.accept("["):
            lengths.append(None if self.peek() == "]" else self._length())
            self._expect("]")
        for length in reversed(lengths):
            base = ArrayType(base, length)
        return base

    def _length(self):
        token = self._next()
        try:
            return int(token, 0)
        except (TypeError, ValueError):
            self._at -= 1
            raise self._error("the length of an array expected") from None

    def _params(self, tokens):
        reader = _Reader(self._text, self._named, tokens)
        params = []
        if tokens == ["void"] or not tokens:
            return params, False
        while True:
            if reader.accept("..."):
                return params, True
            ctype = reader._declarator(reader._base())[1]
            if ctype.kind == "array":
                ctype = PointerType(ctype.item)
            elif ctype.kind == "function":
                ctype = PointerType(ctype)
            params.append(ctype)
            if not reader.accept(","):
                break
        if reader.peek() is not None:
            raise reader._error('"," expected')
        return params, False


def _tokens(text):
    tokens = []
    code = _COMMENT.sub(" ", text)
    at, end = 0, len(code.rstrip())
    while at < end:
        match = _TOKEN.match(code, at)
        if match is None:
            rest = code[at:].strip().partition("\n")[0]
            raise CDefError(f"cannot parse C at: {rest}")
        tokens.append(match[1])
        at = match.end()
    return tokens


def _normal(words):
    """One name for "long unsigned int", "unsigned long" and the like."""
    sign = "unsigned " if "unsigned" in words else ""
    rest = [word for word in words if word not in ("signed", "unsigned")]
    if "char" in rest:
        return f"{sign or 'signed '}char" if len(rest) < len(words) else "char"
    if rest.count("long") or "short" in rest:
        rest = [word for word in rest if word != "int"]
    return sign + (" ".join(rest) or "int")
