"""A strict MOF parser: schema files and instance documents (DSP0004, the part that DSC uses)."""

from __future__ import annotations

from typing import NoReturn

from psnet.mof.lexer import Source, Token, decode
from psnet.mof.model import ClassDeclaration, Instance, PropertyDeclaration, Qualifier, Value

TYPES = frozenset(
    f"{sign}int{size}" for sign in "us" for size in (8, 16, 32, 64)
) | {"real32", "real64", "string", "char16", "boolean", "datetime"}  # fmt: skip

_WORDS = {
    "true": Value("boolean", value=True),
    "false": Value("boolean", value=False),
    "null": Value("null"),
}


def parse_mof(text: str | bytes, path: str = "<mof>") -> list[Instance]:
    """Return the instances of a MOF document in order.

    Raises MofSyntaxError with line and column; a document with class declarations is refused.
    """
    parser = _Parser(text, path)
    parser.document(classes=False)
    return parser.instances


def parse_schema(text: str | bytes, path: str = "<schema>") -> list[ClassDeclaration]:
    """Return the classes of a schema file in order; raises MofSyntaxError with line and column."""
    parser = _Parser(text, path)
    parser.document(classes=True)
    return parser.classes


class _Parser:
    def __init__(self, text: str | bytes, path: str) -> None:
        decoded = decode(text, path) if isinstance(text, bytes) else text.removeprefix("\ufeff")
        self.source = Source(decoded, path)
        self.tokens = self.source.tokens()
        self.at = 0
        self.line, self.counted = 1, 0
        self.instances: list[Instance] = []
        self.classes: list[ClassDeclaration] = []
        self.aliases: set[str] = set()

    # -- tokens ---------------------------------------------------------------------------------

    def _next(self) -> Token:
        token = self.tokens[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def _fail(self, wanted: str, token: Token) -> NoReturn:
        got = "the end of the text" if token.kind == "end" else _shown(token)
        raise self.source.error(f"{wanted} expected, not {got}", token.start)

    def _expect(self, kind: str, wanted: str = "") -> Token:
        token = self._next()
        if token.kind != kind:
            self._fail(wanted or f"{kind!r}", token)
        return token

    def _accept(self, kind: str) -> bool:
        if self.tokens[self.at].kind == kind:
            self.at += 1
            return True
        return False

    def _word(self, wanted: str) -> str:
        return str(self._expect("word", wanted).value)

    def _keyword(self, *words: str) -> None:
        token = self._next()
        if token.kind != "word" or str(token.value).lower() not in words:
            self._fail(" or ".join(words), token)

    def _is_word(self, word: str) -> bool:
        token = self.tokens[self.at]
        return token.kind == "word" and str(token.value).lower() == word

    def _line(self, token: Token) -> int:
        self.line += self.source.text.count("\n", self.counted, token.start)
        self.counted = token.start
        return self.line

    # -- productions ----------------------------------------------------------------------------

    def document(self, *, classes: bool) -> None:
        while (token := self.tokens[self.at]).kind != "end":
            if self._accept("pragma"):
                self._pragma()
                continue
            qualifiers = self._qualifiers()
            if self._is_word("instance"):
                self._instance()
            elif classes and self._is_word("class"):
                self._class(qualifiers)
            elif classes and self._is_word("qualifier") and not qualifiers:
                self._skip_statement()
            else:
                wanted = "'class'" if classes else "'instance of'"
                self._fail(wanted, self.tokens[self.at] if qualifiers else token)

    def _pragma(self) -> None:
        self._word("the name of a pragma")
        self._expect("(")
        self._expect("string", "a string")
        self._expect(")")

    def _skip_statement(self) -> None:
        while (token := self._next()).kind != ";":
            if token.kind == "end":
                self._fail("';'", token)

    def _instance(self) -> None:
        line = self._line(self._next())
        self._keyword("of")
        name = self._word("a class name")
        alias: str | None = None
        if self._is_word("as"):
            self.at += 1
            token = self._expect("alias", "an alias such as $X1ref")
            alias = str(token.value)
            if alias.lower() in self.aliases:
                raise self.source.error(f"the alias {alias} stands for another instance already", token.start)
        self._expect("{")
        properties: dict[str, Value] = {}
        seen: set[str] = set()
        while not self._accept("}"):
            self._qualifiers()
            token = self._expect("word", "a property name or '}'")
            key = str(token.value)
            if key.lower() in seen:
                raise self.source.error(f"the property {key} stands in this instance twice", token.start)
            seen.add(key.lower())
            self._expect("=")
            properties[key] = self._initializer()
            self._expect(";")
        self._expect(";")
        if alias is not None:
            self.aliases.add(alias.lower())
        self.instances.append(Instance(name, alias, properties, line))

    def _initializer(self) -> Value:
        if not self._accept("{"):
            return self._constant()
        if self._accept("}"):
            return Value("array", ())
        items = [self._constant()]
        while self._accept(","):
            items.append(self._constant())
        self._expect("}", "',' or '}'")
        return Value("array", tuple(items))

    def _constant(self) -> Value:
        token = self._next()
        kind = token.kind
        if kind == "string":
            text = str(token.value)
            while self.tokens[self.at].kind == "string":
                text += str(self._next().value)
            return Value("string", text)
        if kind == "char":
            return Value("char16", token.value)
        if kind in {"integer", "real"}:
            return Value(kind, token.value)  # type: ignore[arg-type]
        if kind == "alias":
            alias = str(token.value)
            if alias.lower() not in self.aliases:
                raise self.source.error(f"the alias {alias} is not defined before this place", token.start)
            return Value("reference", alias)
        if kind == "word" and (value := _WORDS.get(str(token.value).lower())):
            return value
        return self._fail("a value", token)

    def _qualifiers(self) -> dict[str, Qualifier]:
        found: dict[str, Qualifier] = {}
        if not self._accept("["):
            return found
        while True:
            token = self._expect("word", "a qualifier")
            name = str(token.value)
            if name.lower() in found:
                raise self.source.error(f"the qualifier {name} stands here twice", token.start)
            found[name.lower()] = Qualifier(name, self._qualifier_value())
            if self._accept(":"):
                while self.tokens[self.at].kind == "word":
                    self.at += 1
            if not self._accept(","):
                break
        self._expect("]", "',' or ']'")
        return found

    def _qualifier_value(self) -> Value:
        if self._accept("("):
            value = self._initializer()
            self._expect(")")
            return value
        if self.tokens[self.at].kind == "{":
            return self._initializer()
        return _WORDS["true"]

    def _class(self, qualifiers: dict[str, Qualifier]) -> None:
        line = self._line(self._next())
        name = self._word("a class name")
        superclass = self._word("the superclass") if self._accept(":") else None
        self._expect("{")
        properties: list[PropertyDeclaration] = []
        seen: set[str] = set()
        while not self._accept("}"):
            start = self.tokens[self.at]
            declared = self._feature()
            if declared is None:
                continue
            if declared.name.lower() in seen:
                raise self.source.error(f"{name} declares {declared.name} twice", start.start)
            seen.add(declared.name.lower())
            properties.append(declared)
        self._expect(";")
        self.classes.append(ClassDeclaration(name, superclass, qualifiers, tuple(properties), line))

    def _feature(self) -> PropertyDeclaration | None:
        """Return a property; None for a method, which says nothing about documents."""
        qualifiers = self._qualifiers()
        token = self._expect("word", "a type or '}'")
        type_name, line = str(token.value), self._line(token)
        is_reference = self._is_word("ref")
        self.at += is_reference
        if not is_reference and type_name.lower() not in TYPES:
            raise self.source.error(f"{type_name} is no type of MOF", token.start)
        name = self._word("a property name")
        if self._accept("("):
            while self._next().kind not in {")", "end"}:
                pass
            self._expect(";")
            return None
        is_array = self._accept("[")
        if is_array:
            self._accept("integer")
            self._expect("]")
        default = self._initializer() if self._accept("=") else None
        self._expect(";")
        shown = type_name if is_reference else type_name.lower()
        return PropertyDeclaration(name, shown, is_array, is_reference, qualifiers, default, line)


def _shown(token: Token) -> str:
    if token.kind == "string":
        text = str(token.value)
        return f'"{text[:40]}..."' if len(text) > 40 else f'"{text}"'  # noqa: PLR2004 - fits a line
    return repr(str(token.value))
