"""Where a secret comes from, under the name that inventories know it by."""

from psnet._secret import SecretSource

__all__ = ["SecretSource"]
