"""What PowerShell has: cmdlets, parameters and commands by module and build, from reference data."""
