"""Numbers and characters of PowerShell for which Python has no type (Int32 is ``int``, Double ``float``)."""

from __future__ import annotations


class SByte(int):
    """System.SByte."""

    __slots__ = ()


class Byte(int):
    """System.Byte."""

    __slots__ = ()


class Int16(int):
    """System.Int16."""

    __slots__ = ()


class UInt16(int):
    """System.UInt16."""

    __slots__ = ()


class UInt32(int):
    """System.UInt32."""

    __slots__ = ()


class Int64(int):
    """System.Int64."""

    __slots__ = ()


class UInt64(int):
    """System.UInt64."""

    __slots__ = ()


class BigInteger(int):
    """System.Numerics.BigInteger."""

    __slots__ = ()


class Single(float):
    """System.Single; the value is already rounded to 32 bits."""

    __slots__ = ()


class Char(str):
    """System.Char: one UTF-16 code unit."""

    __slots__ = ()
