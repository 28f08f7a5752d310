"""The members of the .NET types that the engine knows, one module a family; importing registers them."""
