"""The lab's PowerShell engine: evaluator, parameter binder, scopes, streams, errors and the general cmdlets."""
