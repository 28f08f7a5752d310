"""What .NET does beneath PowerShell, in pure functions: types, conversion, operators, members, text."""
