"""Type names, attributes and parameter lists."""

from __future__ import annotations

from . import ast
from .parser_base import Extent, ParserBase, before
from .tokens import EXPRESSION, TYPE_NAME, Token


class TypeName:
    """A type's name while it is read; ``text`` is normalised, ``assembly`` belongs to its open type."""

    __slots__ = ("arguments", "assembly", "end", "name", "start", "suffix")

    def __init__(self, token: Token) -> None:
        self.start = token.start
        self.end = token.end
        self.name = token.text
        self.arguments: list[TypeName] = []
        self.suffix = ""
        self.assembly = ""

    def text(self) -> str:
        """Return the full name as ``ITypeName.FullName`` gives it."""
        inner = ",".join(
            f"[{argument.text()}]" if argument.assembly else argument.text() for argument in self.arguments
        )
        generic = f"[{inner}]" if self.arguments else ""
        assembly = f",{self.assembly}" if self.assembly else ""
        return f"{self.name}{generic}{self.suffix}{assembly}"


class TypeParser(ParserBase):
    """Reads what stands between ``[`` and ``]``, and ``param(...)`` lists."""

    # -- type names -----------------------------------------------------------------------------

    def type_name_rule(self, *, assemblies: bool = True) -> TypeName | None:
        """Read a type's name."""
        with self.in_mode(TYPE_NAME):
            token = self.next()
            if token.kind != "Identifier":
                self.unget(token)
                return None
            return self._finish_type_name(token, assemblies=assemblies)

    def _finish_type_name(self, token: Token, *, unbracketed: bool = False, assemblies: bool = True) -> TypeName:
        name = TypeName(token)
        follower = self.peek()
        if follower.kind == "LBracket":
            self.skip()
            self.skip_newlines()
            inner = self.next()
            if inner.kind in {"RBracket", "Comma"}:
                self._array_suffix(name, inner, unbracketed=unbracketed)
            elif inner.kind in {"LBracket", "Identifier"}:
                self._generic_name(name, inner, unbracketed=unbracketed)
            elif inner.kind == "EndOfInput":
                self.unget(inner)
                self.error_after("MissingTypename", follower)
            else:
                self.error("UnexpectedToken", inner, inner.text)
                self.sync_on_error(("RBracket",), consume=True)
        elif follower.kind == "Comma" and assemblies and not unbracketed:
            self.skip()
            self._assembly(name, follower)
        return name

    def _assembly(self, name: TypeName, comma: Token) -> None:
        assembly = self.lexer.assembly_name()
        if assembly.strip():
            name.assembly = assembly
            name.end = self.lexer.end_at(self.lexer.i)
        else:
            self.error_after("MissingAssemblyNameSpecification", comma)

    def _generic_argument(self, first: Token) -> TypeName:
        if first.kind == "Identifier":
            return self._finish_type_name(first, unbracketed=True)
        token = self.next()
        if token.kind != "Identifier":
            self.unget(token)
            self.error_after("MissingTypename", token)
            return TypeName(first)
        name = self._finish_type_name(token)
        closing = self.next()
        if closing.kind != "RBracket":
            self.unget(closing)
            self.error_before("EndSquareBracketExpectedAtEndOfType", closing)
        return name

    def generic_arguments(self, first: Token) -> tuple[list[TypeName], Token]:
        """Read type arguments; return them with the token after the last."""
        arguments = [self._generic_argument(first)]
        while True:
            self.skip_newlines()
            last = self.next()
            if last.kind != "Comma":
                return arguments, last
            self.skip_newlines()
            token = self.peek()
            if token.kind in {"Identifier", "LBracket"}:
                self.skip()
                arguments.append(self._generic_argument(token))
            else:
                self.error_after("MissingTypename", last)
                arguments.append(TypeName(last))

    def _generic_name(self, name: TypeName, first: Token, *, unbracketed: bool) -> None:
        name.arguments, closing = self.generic_arguments(first)
        if closing.kind == "RBracket":
            name.end = closing.end
        else:
            self.unget(closing)
            self.error_before("EndSquareBracketExpectedAtEndOfAttribute", closing)
            name.end = name.arguments[-1].end
        token = self.peek()
        if token.kind == "LBracket":
            self.skip()
            self._array_suffix(name, self.next(), unbracketed=unbracketed)
        elif token.kind == "Comma" and not unbracketed:
            self.skip()
            self._assembly(name, token)

    def _array_suffix(self, name: TypeName, first: Token, *, unbracketed: bool) -> None:
        while True:
            if first.kind == "Comma":
                self._dimensions(name, first)
            elif first.kind == "RBracket":
                name.suffix += "[]"
                name.end = first.end
            elif first.kind == "EndOfInput":
                self.unget(first)
                self.error_before("EndSquareBracketExpectedAtEndOfAttribute", first)
            else:
                self.error("UnexpectedToken", first, first.text)
                self.sync_on_error(("RBracket",), consume=True)
            token = self.peek()
            if token.kind == "Comma" and not unbracketed:
                self.skip()
                self._assembly(name, token)
                return
            if token.kind != "LBracket":
                return
            self.skip()
            first = self.next()

    def _dimensions(self, name: TypeName, first: Token) -> None:
        count = 1
        token = last = first
        while token.kind == "Comma":
            last = token
            count += 1
            token = self.next()
        if count > 32 and self.seven:
            if token.kind != "RBracket":
                self.unget(token)
            self.lexer.report("ArrayHasTooManyDimensions", first.start, last.end, count)
            return
        if token.kind != "RBracket":
            self.unget(token)
            self.error_after("EndSquareBracketExpectedAtEndOfAttribute", last)
        name.suffix += "[" + "," * (count - 1) + "]"
        name.end = token.end

    # -- attributes -----------------------------------------------------------------------------

    def attribute_list_rule(self, *, in_expression: bool) -> list[ast.Node]:
        """Read attributes and type constraints in a row."""
        attributes: list[ast.Node] = []
        while True:
            attribute = self.attribute_rule()
            if attribute is None:
                return attributes
            attributes.append(attribute)
            if not in_expression or isinstance(attribute, ast.Attribute):
                self.skip_newlines()

    def attribute_rule(self) -> ast.Attribute | ast.TypeConstraint | None:
        """Read one attribute or type constraint."""
        opening = self.next_left_bracket()
        if opening is None:
            return None
        self.skip_newlines()
        name = self.type_name_rule()
        if name is None:
            self.resync(opening.start)
            self.error_after("MissingTypename", opening)
            return None
        token = self.next()
        if token.kind == "LParen":
            return self._attribute_arguments(opening, name, token)
        end = token.end
        if token.kind != "RBracket":
            self.unget(token)
            self.error_before("EndSquareBracketExpectedAtEndOfAttribute", token)
            end = name.end
        return ast.TypeConstraint(opening.start, end, name.text())

    def _attribute_arguments(self, opening: Token, name: TypeName, paren: Token) -> ast.Attribute:
        self.skip_newlines()
        positional: list[ast.Node] = []
        named: list[ast.NamedAttributeArgument] = []
        with self.in_mode(EXPRESSION), self.commas(separate=True):
            last = self._arguments(positional, named, paren)
        self.skip_newlines()
        closing: Token | None = self.next()
        if closing is not None and closing.kind != "RParen":
            self.unget(closing)
            closing = None
            self.error_after("MissingEndParenthesisInExpression", last)
        self.skip_newlines()
        bracket = self.next()
        end = bracket.end
        if bracket.kind != "RBracket":
            self.unget(bracket)
            end = (closing or last).end
            if closing is not None:
                self.error_after("EndSquareBracketExpectedAtEndOfAttribute", closing)
        return ast.Attribute(opening.start, end, name.text(), tuple(positional), tuple(named))

    def _arguments(self, positional: list[ast.Node], named: list[ast.NamedAttributeArgument], paren: Token) -> Extent:
        """Read the arguments of an attribute; return the last thing read."""
        last: Extent = paren
        comma: Token | None = None
        while True:
            self.skip_newlines()
            name = self.simple_name()
            if name is not None:
                value: ast.Node | None = None
                token = self.peek()
                end = name.end
                if token.kind == "Equals":
                    self.skip()
                    self.skip_newlines()
                    value = self.expression_rule()
                    if value is None:
                        self.error_after("MissingExpressionInNamedArgument", token)
                        value = ast.ErrorExpression(token.end, token.end)
                        self.sync_on_error(("Comma", "RParen", "RBracket", "NewLine"), consume=True)
                    last = value
                    end = value.end
                named.append(ast.NamedAttributeArgument(name.start, end, name.value, value))
            else:
                argument = self.expression_rule()
                if argument is not None:
                    positional.append(argument)
                    last = argument
                elif comma is not None:
                    self.error_after("MissingExpressionAfterToken", comma, ",")
                    last = ast.ErrorExpression(comma.end, comma.end)
                    positional.append(last)
            self.skip_newlines()
            comma = self.peek()
            if comma.kind != "Comma":
                return last
            last = comma
            self.skip()

    # -- parameters -----------------------------------------------------------------------------

    def param_block_rule(self) -> ast.ParamBlock | None:
        """Read attributes and ``param(...)``; None when there is none."""
        self.skip_newlines()
        candidates = self.attribute_list_rule(in_expression=False)
        self.skip_newlines()
        keyword = self.peek()
        if keyword.kind != "Param":
            return None
        self.skip()
        self.skip_newlines()
        opening = self.next()
        if opening.kind != "LParen":
            self.unget(opening)
            return None
        parameters = self.parameter_list_rule()
        self.skip_newlines()
        closing = self.next()
        end = closing.end
        if closing.kind != "RParen":
            self.unget(closing)
            end = before(closing)
            last: Extent = parameters[-1] if parameters else opening
            self.error_after("MissingEndParenthesisInFunctionParameterList", last)
        attributes = []
        for candidate in candidates:
            if isinstance(candidate, ast.TypeConstraint):
                self.error("TypeNotAllowedBeforeParam", candidate, candidate.type_name)
            else:
                attributes.append(candidate)
        return ast.ParamBlock(keyword.start, end, tuple(attributes), tuple(parameters))

    def parameter_list_rule(self) -> list[ast.Parameter]:
        """Read parameters between parentheses."""
        parameters: list[ast.Parameter] = []
        comma: Token | None = None
        while True:
            parameter = self._parameter()
            if parameter is None:
                if comma is not None:
                    self.error_after("MissingExpressionAfterToken", comma, ",")
                return parameters
            parameters.append(parameter)
            self.skip_newlines()
            comma = self.peek()
            if comma.kind != "Comma":
                return parameters
            self.skip()

    def _parameter(self) -> ast.Parameter | None:
        with self.commas(separate=True), self.in_mode(EXPRESSION):
            self.skip_newlines()
            attributes = self.attribute_list_rule(in_expression=False)
            self.skip_newlines()
            token = self.next()
            if token.kind not in {"Variable", "SplattedVariable"}:
                self.unget(token)
                if not attributes:
                    return None
                self.error_after("InvalidFunctionParameter", attributes[-1])
                self.sync_on_error(("RParen",), consume=True)
                place = (attributes[0].start, attributes[-1].end)
                name = ast.VariableExpression(*place, "__error__")
                return ast.Parameter(*place, tuple(attributes), name)
            variable = self.variable(token)
            default: ast.Node | None = None
            self.skip_newlines()
            equals = self.peek()
            if equals.kind == "Equals":
                self.skip()
                self.skip_newlines()
                default = self.expression_rule()
                if default is None:
                    self.error_after("MissingExpressionAfterToken", equals, "=")
        start = attributes[0].start if attributes else token.start
        end = default.end if default else token.end
        return ast.Parameter(start, end, tuple(attributes), variable, default)

    @staticmethod
    def variable(token: Token) -> ast.VariableExpression:
        """Make the node of a variable's token."""
        return ast.VariableExpression(token.start, token.end, token.value, token.kind == "SplattedVariable")
