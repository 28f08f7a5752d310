"""The tokenizer: one token at a time, in the mode that the parser sets."""

from __future__ import annotations

from typing import Final

from . import chars
from .tokens import COMMAND, EXPRESSION, Redirection, Token
from .word_lexer import WordLexer

_PUNCTUATION: Final = {
    "(": "LParen",
    ")": "RParen",
    "]": "RBracket",
    "{": "LCurly",
    "}": "RCurly",
    ";": "Semi",
}
_WITH_EQUALS: Final = {"*": "Multiply", "/": "Divide", "%": "Rem"}
_ASSIGNING: Final = {"*": "MultiplyEquals", "/": "DivideEquals", "%": "RemainderEquals"}
_STREAM_DIGITS: Final = frozenset("123456")


class Lexer(WordLexer):
    """Scans tokens; a fresh one starts in command mode."""

    def next_token(self) -> Token:
        """Read one token; comments and blank space before it are skipped."""
        while True:
            self.token_start = self.i
            char = self.s[self.i]
            self.i += 1
            if char in " \t":
                self.skip_whitespace()
            elif "a" <= char <= "z" or "A" <= char <= "Z" or char == "_":
                return self.scan_identifier()
            elif char in _PUNCTUATION:
                return self.token(_PUNCTUATION[char])
            elif char == "$":
                if self.s[self.i] == "(":
                    self.i += 1
                    return self.token("DollarParen")
                return self.scan_variable(splatted=False, in_string=False)
            elif char == "#":
                self.line_comment()
            elif char == "<" and self.s[self.i] == "#":
                self.i += 1
                self.block_comment()
            elif char == "`":
                token = self._backtick()
                if token is not None:
                    return token
            elif char == "\0" and self.i > self.n:
                end = self.start_at(min(self.token_start, self.n)) + 1
                self.i = self.n + 1
                return Token("EndOfInput", end, end, "")
            elif chars.is_whitespace(char):
                self.skip_whitespace()
            else:
                return self._other(char)

    def _backtick(self) -> Token | None:
        """Read what comes after a backtick outside a word; None when it only joined lines."""
        follower = self.s[self.i]
        self.i += 1
        if follower == "\r":
            self.after_carriage_return()
        if follower in "\r\n":
            return None
        if follower == "\0" and self.i > self.n:
            self.report_at("IncompleteString", self.i, self.i)
            self.i = self.n
            return None
        if follower.isspace():
            self.skip_whitespace()
            return None
        return self.scan_generic(self.backtick(follower))

    def _operator(self, kind: str) -> Token:
        """Make an operator's token; in command mode it must stand alone, else it begins a word."""
        if self.mode == COMMAND and not chars.ends_token(self.s[self.i]):
            return self.scan_generic(self.s[self.token_start : self.i])
        return self.token(kind)

    def _other(self, char: str) -> Token:
        if char == '"' or char in chars.DOUBLE_QUOTES:
            return self.expandable_string()
        if char in chars.SINGLE_QUOTES:
            return self.literal_string()
        if char in "\r\n":
            if char == "\r":
                self.after_carriage_return()
            return self.token("NewLine")
        if char == ",":
            return self.token("Comma")
        if char == "[":
            if self.mode == COMMAND and not chars.ends_token(self.s[self.i]):
                return self.scan_generic("[")
            return self.token("LBracket")
        if chars.is_decimal(char):
            if char in _STREAM_DIGITS and self.s[self.i] == ">":
                return self._redirection(int(char))
            return self.scan_number()
        if char in chars.DASHES:
            return self._dash()
        return self._sign(char)

    def _sign(self, char: str) -> Token:
        follower = self.s[self.i]
        if char == ".":
            return self._dot(follower)
        if char in "|&":
            double = follower == char
            self.i += double
            if char == "|":
                return self.token("OrOr" if double else "Pipe")
            return self.token("AndAnd" if double else "Ampersand")
        if char == "@":
            return self._at(follower)
        if char == "=":
            return self._operator("Equals")
        if char == "+":
            return self._plus(follower)
        if char in _WITH_EQUALS:
            if follower == "=":
                self.i += 1
                return self._operator(_ASSIGNING[char])
            if char == "*" and follower == ">":
                return self._redirection(0)
            return self._operator(_WITH_EQUALS[char])
        if char == "<":
            return self.token("RedirectInStd")
        if char == ">":
            self.i -= 1
            return self._redirection(1, explicit=False)
        if char == "!":
            return self._exclamation(follower)
        if char == ":":
            return self._colon(follower)
        if char == "?" and self.seven and self.mode == EXPRESSION:
            return self._question(follower)
        if chars.is_letter(char):
            return self.scan_identifier()
        return self.scan_generic(char)

    def _plus(self, follower: str) -> Token:
        if follower == "+":
            self.i += 1
            return self._operator("PlusPlus")
        if follower == "=":
            self.i += 1
            return self._operator("PlusEquals")
        if self.allow_signed and (chars.is_net_digit(follower) or (follower == "." and self.s[self.i + 1] != ".")):
            return self.scan_number()
        return self._operator("Plus")

    def _dash(self) -> Token:
        follower = self.s[self.i]
        if follower in chars.DASHES:
            self.i += 1
            return self._operator("MinusMinus")
        if follower == "=":
            self.i += 1
            return self._operator("MinusEquals")
        if chars.is_letter(follower) or follower in "_?":
            return self.scan_parameter()
        if self.allow_signed and (chars.is_net_digit(follower) or (follower == "." and self.s[self.i + 1] != ".")):
            return self.scan_number()
        return self._operator("Minus")

    def _dot(self, follower: str) -> Token:
        if follower == ".":
            self.i += 1
            if self.mode == COMMAND and not chars.ends_token(self.s[self.i]):
                return self.scan_generic("..")
            return self.token("DotDot")
        if chars.is_decimal(follower):
            return self.scan_number()
        if self.mode == COMMAND and not chars.ends_token(follower) and follower not in "$\"'":
            return self.scan_generic(".")
        return self.token("Dot")

    def _at(self, follower: str) -> Token:
        self.i += 1
        if follower == "{":
            return self.token("AtCurly")
        if follower == "(":
            return self.token("AtParen")
        if follower in chars.SINGLE_QUOTES:
            return self.here_string(chars.SINGLE_QUOTES, "'")
        if follower in chars.DOUBLE_QUOTES:
            return self.here_string(chars.DOUBLE_QUOTES, '"')
        self.i -= 1
        if chars.is_variable_start(follower):
            return self.scan_variable(splatted=True, in_string=False)
        self.report_at("UnrecognizedToken", self.i - 1)
        return self.token("Unknown")

    def _exclamation(self, follower: str) -> Token:
        expression = self.mode == EXPRESSION
        if (self.mode == COMMAND and not chars.ends_token(follower)) or (
            expression and chars.is_identifier_start(follower)
        ):
            return self.scan_generic("!")
        if self.seven and expression and (chars.is_net_digit(follower) or follower == "."):
            scanned = self.number_parts()
            self.i = self.token_start + 1
            if scanned is None:
                return self.scan_generic("!")
        return self.token("Exclaim")

    def _colon(self, follower: str) -> Token:
        if follower == ":":
            self.i += 1
            if self.mode == COMMAND and not self.want_simple_name and not chars.ends_token(self.s[self.i]):
                return self.scan_generic("::")
            return self.token("ColonColon")
        if self.mode == COMMAND:
            return self.scan_label()
        return self.token("Colon")

    def _question(self, follower: str) -> Token:
        if follower != "?":
            return self.token("QuestionMark")
        self.i += 1
        if self.s[self.i] == "=":
            self.i += 1
            return self.token("QuestionQuestionEquals")
        return self.token("QuestionQuestion")

    def _redirection(self, source: int, *, explicit: bool = True) -> Token:
        """Read a redirection whose ``>`` comes next; a digit before it is a number in expression mode."""
        self.i += 1
        if self.s[self.i] == ">":
            self.i += 1
            redirection = Redirection(source, append=True)
        elif explicit and self.s[self.i] == "&" and self.s[self.i + 1] in ("1" if source == 0 else "12"):
            self.i += 2
            redirection = Redirection(source, target=int(self.s[self.i - 1]), merge=True)
            return self.token("Redirection", redirection)
        else:
            redirection = Redirection(source)
        if explicit and source and self.mode == EXPRESSION:
            self.i = self.token_start + 1
            return self.token("Number", source)
        return self.token("Redirection", redirection)

    # -- tokens that only the parser asks for ---------------------------------------------------

    def member_access(self, *, allow_bracket: bool) -> Token | None:
        """Read ``.``, ``::`` or ``[`` right after an expression; block comments may come between."""
        while self.s[self.i] == "<" and self.s[self.i + 1] == "#":
            self.token_start = self.i
            self.i += 2
            self.block_comment()
        char = self.s[self.i]
        if char not in ".:[?":
            return None
        second = self.s[self.i + 1]
        self.token_start = self.i
        if char == ".":
            if second == "." or (self.mode == COMMAND and self._blank(second)):
                return None
            self.i += 1
            return self.token("Dot")
        if char == ":":
            if second != ":" or (self.mode == COMMAND and self._blank(self.s[self.i + 2])):
                return None
            self.i += 2
            return self.token("ColonColon")
        if char == "[":
            if not allow_bracket:
                return None
            self.i += 1
            return self.token("LBracket")
        if self.seven and (second == "." or (second == "[" and allow_bracket)):
            self.i += 2
            return self.token("QuestionDot" if second == "." else "QuestionLBracket")
        return None

    @staticmethod
    def _blank(char: str) -> bool:
        return char in "\0\r\n" or chars.is_whitespace(char)

    def invoke_open(self) -> Token | None:
        """Read ``(`` or ``{`` right after a member's name."""
        char = self.s[self.i]
        if char not in "({":
            return None
        self.token_start = self.i
        self.i += 1
        return self.token("LParen" if char == "(" else "LCurly")

    def left_bracket(self) -> Token | None:
        """Read ``[`` where only an attribute or a type is expected."""
        back = self.i
        resync = False
        while True:
            self.token_start = self.i
            char = self.s[self.i]
            if char == "#":
                self.i += 1
                resync = True
                self.line_comment()
            elif char == "<" and self.s[self.i + 1] == "#":
                self.i += 2
                resync = False
                self.block_comment()
            elif chars.is_whitespace(char):
                resync = True
                self.skip_whitespace()
            elif char == "[":
                self.i += 1
                return self.token("LBracket")
            else:
                if char in ".:" and resync:
                    self.i = back
                return None

    def verbatim_argument(self) -> Token:
        """Read the rest of the line after ``--%``."""
        self.skip_whitespace()
        self.token_start = self.i
        quoted = False
        while True:
            char = self.s[self.i]
            if char in "\r\n" or (char == "\0" and self.i >= self.n):
                break
            if char in chars.DOUBLE_QUOTES:
                quoted = not quoted
            elif not quoted and (char == "|" or (char == "&" and self.s[self.i + 1] == "&")):
                break
            self.i += 1
        token = self.token("Generic")
        token.value = token.text
        return token
