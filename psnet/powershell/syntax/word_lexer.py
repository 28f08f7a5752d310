"""Words: variables, parameters and operators, identifiers, generic tokens, numbers, labels, type names."""

from __future__ import annotations

import re
from typing import Final

from . import chars
from .numbers import MULTIPLIERS, number_value
from .paths import variable_path
from .string_lexer import Pieces, StringLexer
from .tokens import COMMAND, EXPRESSION, KEYWORDS_7, KEYWORDS_51, OPERATORS, SIGNATURE, TYPE_NAME, Token

_BRACED_RUN: Final = re.compile(f"[^}}`{{{chars.DOUBLE_QUOTES}\\x00]+")
_DIGITS: Final = re.compile(r"[0-9]*")
_EXPONENT: Final = re.compile(f"[eE]([+\\{chars.DASHES}]?)([0-9]*)")
_HEX: Final = re.compile(r"[0-9A-Fa-f]*")
_BINARY: Final = re.compile(r"[01]*")
_TYPE_SIGNS: Final = frozenset(".`_+#\\")
_PARAMETER_ENDS: Final = frozenset("{}();,|&.[\r\n\0")
_ASCII_LETTERS: Final = re.compile(r"[A-Za-z]*")


class WordLexer(StringLexer):
    """Scans everything that is a word of some kind."""

    # -- generic tokens -------------------------------------------------------------------------

    def scan_generic(self, prefix: str = "") -> Token:
        """Scan a command's name or argument; ``prefix`` was read already."""
        pieces = Pieces()
        if prefix:
            pieces.add(prefix)
        while True:
            run = chars.GENERIC_RUN.match(self.s, self.i)
            if run:
                pieces.add(run.group())
                self.i = run.end()
            char = self.s[self.i]
            if chars.ends_token(char):
                break
            self.i += 1
            if char == "`":
                pieces.add(self.escape_or_backtick())
            elif char in chars.SINGLE_QUOTES:
                pieces.add(self.scan_literal())
            elif char in chars.DOUBLE_QUOTES:
                self.scan_expandable(pieces)
            elif char != "$" or not self.scan_dollar(pieces, here=False):
                pieces.add(char)
        return self.expandable_token("Generic", pieces)

    def rescan_generic(self) -> Token:
        """Scan the whole token again as a generic one."""
        self.i = self.token_start
        return self.scan_generic()

    # -- variables ------------------------------------------------------------------------------

    def scan_variable(self, *, splatted: bool, in_string: bool) -> Token:
        """Scan a variable whose ``$`` or ``@`` was read."""
        if self.s[self.i] == "{":
            return self._braced_variable(in_string=in_string)
        char = self.s[self.i]
        if not chars.is_variable_start(char):
            return self.scan_generic("$")
        begin = self.i
        self.i += 1
        if char in "$?^":
            if self.mode == COMMAND and not chars.ends_token(self.s[self.i]):
                return self.rescan_generic()
        elif not self._variable_name(first=char):
            return self.rescan_generic()
        name = self.s[begin : self.i]
        path = variable_path(name)
        if not path.name:
            kind = "InvalidVariableReferenceWithDrive" if path.drive else "InvalidVariableReference"
            self.report_at(kind, self.token_start, self.i)
        return self.token("SplattedVariable" if splatted else "Variable", name)

    def _variable_name(self, *, first: str) -> bool:
        """Read the rest of an unbraced name; False when it turns out to be part of a generic token."""
        if first == ":" and self.s[self.i] == ":":
            return True
        while True:
            run = chars.VARIABLE_NAME.match(self.s, self.i)
            if run:
                self.i = run.end()
            char = self.s[self.i]
            if char == ":":
                if self.s[self.i + 1] == ":":
                    return True
                self.i += 1
            elif char >= "\x80" and chars.is_letter_or_digit(char):
                self.i += 1
            elif char in ".[=" or chars.ends_token(char):
                return True
            else:
                return self.mode != COMMAND

    def _braced_variable(self, *, in_string: bool) -> Token:
        opening = self.i
        self.i += 1
        out: list[str] = []
        while True:
            run = _BRACED_RUN.match(self.s, self.i)
            if run:
                out.append(run.group())
                self.i = run.end()
            char = self.s[self.i]
            if char == "\0" and self.i >= self.n:
                break
            self.i += 1
            if char == "}":
                break
            if char == "`":
                if self.i >= self.n:
                    break
                self.i += 1
                char = self.backtick(self.s[self.i - 1])
            elif char == "{":
                self.report_at("OpenBraceNeedsToBeBackTickedInVariableName", self.i)
            elif char in chars.DOUBLE_QUOTES and in_string and self.s[self.i] in chars.DOUBLE_QUOTES:
                char = self.s[self.i]
                self.i += 1
            out.append(char)
        name = "".join(out)
        closed = char == "}"
        if not closed:
            self.report_at("IncompleteDollarVariableReference", opening, self.i)
        if not name:
            if closed:
                self.report_at("EmptyVariableReference", self.i - 1)
            name = ":Error:"
        if self.mode == COMMAND:
            follower = self.s[self.i]
            if not chars.ends_token(follower) and follower not in ".[":
                return self.rescan_generic()
        if not variable_path(name).name:
            self.report_at("InvalidBracedVariableReference", self.token_start, self.i)
        return self.token("Variable", name)

    # -- parameters and dash operators ----------------------------------------------------------

    def scan_parameter(self) -> Token:
        """Scan ``-name`` whose dash was read: an operator or a parameter."""
        begin = self.i
        command = self.mode == COMMAND
        colon = False
        while True:
            run = _ASCII_LETTERS.match(self.s, self.i)
            if run:
                self.i = run.end()
            char = self.s[self.i]
            if char in _PARAMETER_ENDS or chars.is_whitespace(char):
                break
            if char == ":":
                colon = True
                break
            if char in chars.SINGLE_QUOTES or char in chars.DOUBLE_QUOTES:
                if command:
                    return self.scan_generic(self.s[self.token_start : self.i])
                break
            if not command:
                break
            self.i += 1
        name = self.s[begin : self.i]
        if colon and command:
            self.i += 1
        if self.mode == EXPRESSION:
            operator = OPERATORS.get(name.lower())
            if operator:
                return self.token(operator)
        if not name:
            return self.token("Minus")
        token = self.token("Parameter", name)
        token.used_colon = colon
        return token

    # -- identifiers, labels, type names --------------------------------------------------------

    def _identifier_rest(self) -> None:
        while True:
            run = chars.IDENTIFIER.match(self.s, self.i)
            if run:
                self.i = run.end()
            char = self.s[self.i]
            if char < "\x80" or not chars.is_letter_or_digit(char):
                return
            self.i += 1

    def scan_identifier(self) -> Token:
        """Scan a word whose first letter was read: a keyword, a name, or the beginning of more."""
        self._identifier_rest()
        if self.mode == TYPE_NAME:
            return self._type_name()
        if self.want_simple_name:
            return self.token("Identifier")
        command = self.mode == COMMAND
        if command and not chars.ends_token(self.s[self.i]):
            return self.scan_generic(self.s[self.token_start : self.i])
        if command or self.mode == SIGNATURE:
            word = self.s[self.token_start : self.i].lower()
            kind = (KEYWORDS_7 if self.seven else KEYWORDS_51).get(word)
            if kind and (kind != "InlineScript" or self.in_workflow):
                return self.token(kind)
        return self.token("Identifier")

    def _type_name(self) -> Token:
        while True:
            char = self.s[self.i]
            if char not in _TYPE_SIGNS and not chars.is_letter_or_digit(char):
                return self.token("Identifier")
            self.i += 1

    def assembly_name(self) -> str:
        """Read an assembly's name with its properties."""
        out = [self._assembly_part()]
        while self.s[self.i] == ",":
            out.append(", ")
            self.i += 1
            out.append(self._assembly_part())
            if self.s[self.i] == "=":
                out.append("=")
                self.i += 1
                out.append(self._assembly_part())
        return "".join(out)

    def _assembly_part(self) -> str:
        self.skip_whitespace()
        self.token_start = self.i
        while not chars.ends_assembly_token(self.s[self.i]):
            self.i += 1
        part = self.s[self.token_start : self.i]
        self.skip_whitespace()
        return part

    def scan_label(self) -> Token:
        """Scan ``:label`` whose colon was read."""
        if not chars.is_identifier_start(self.s[self.i]):
            if self.s[self.i] == "\0":
                return self.token("Generic", ":")
            return self.scan_generic(":")
        begin = self.i
        self._identifier_rest()
        if self.mode == COMMAND and not chars.ends_token(self.s[self.i]):
            return self.scan_generic(self.s[self.token_start : self.i])
        return self.token("Label", self.s[begin : self.i])

    # -- numbers --------------------------------------------------------------------------------

    def scan_number(self) -> Token:
        """Scan a number from ``token_start``; what only looks like one is a generic token."""
        scanned = self.number_parts()
        if scanned is None:
            return self.rescan_generic()
        text, base, suffix, real, multiplier = scanned
        value = number_value(text, base, suffix, real=real, multiplier=multiplier)
        if value is None:
            if self.mode != EXPRESSION:
                return self.rescan_generic()
            written = self.s[self.token_start : self.i]
            self.report_at("BadNumericConstant", self.i, None, written)
            return self.token("Number", 0)
        return self.token("Number", value)

    def number_parts(self) -> tuple[str, int, str, bool, int] | None:
        """Read a number from ``token_start``: digits, base, suffix, whether real, multiplier; or None."""
        s = self.s
        at = self.token_start
        sign = ""
        if s[at] in "+!" or s[at] in chars.DASHES:
            sign = "-" if s[at] in chars.DASHES else ""
            at += 1
        base, real = 10, False
        second = s[at + 1]
        if s[at] == "0" and second in "xX":
            found = _HEX.match(s, at + 2)
            base, body = 16, "0" + (found.group() if found else "")
        elif s[at] == "0" and second in "bB" and self.seven:
            found = _BINARY.match(s, at + 2)
            base, body = 2, found.group() if found else ""
            if not body and not sign:
                found = None
        else:
            found = _DIGITS.match(s, at)
        if found is None:
            self.i = at
            return None
        at, begin = found.end(), at
        if base == 10:
            if s[at] == "." and s[at + 1] != ".":
                real = True
                fraction = _DIGITS.match(s, at + 1)
                at = fraction.end() if fraction else at + 1
            exponent = _EXPONENT.match(s, at)
            body = s[begin:at]
            if exponent:
                if not exponent.group(2):
                    self.i = exponent.end()
                    return None
                real = True
                dash = exponent.group(1)
                body += "e" + ("-" if dash and dash != "+" else "") + exponent.group(2)
                at = exponent.end()
        suffix, at, bad = self._suffix(at)
        multiplier = 1
        if s[at].lower() in MULTIPLIERS:
            multiplier = MULTIPLIERS[s[at].lower()]
            at += 1
            if s[at] in "bB":
                at += 1
            else:
                bad = True
        self.i = at
        char = s[at]
        if not chars.ends_token(char) and not (
            self.mode == EXPRESSION and chars.ends_number(char, ternary=self.end_on_ternary)
        ):
            bad = True
        return None if bad else (sign + body, base, suffix, real, multiplier)

    def _suffix(self, at: int) -> tuple[str, int, bool]:
        """Read a type suffix: the suffix, where it ends, whether it is none of the engine's."""
        letters = "dlnsuy" if self.seven else "dl"
        first = self.s[at].lower()
        if first not in letters:
            return "", at, False
        second = self.s[at + 1].lower()
        if not self.seven or second not in letters:
            return first, at + 1, False
        return first + second, at + 2, first != "u" or second not in "lsy"
