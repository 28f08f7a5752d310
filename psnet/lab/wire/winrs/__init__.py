"""WinRS: text shells, a small cmd.exe, powershell.exe."""
