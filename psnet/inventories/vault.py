"""Ansible Vault, under the name that inventories know it by."""

from psnet._internal.vault import Vaulted, decrypt, encrypt, is_vaulted, vault_password

__all__ = ["Vaulted", "decrypt", "encrypt", "is_vaulted", "vault_password"]
