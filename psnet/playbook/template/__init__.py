"""Filling playbooks with variables: Jinja2, sandboxed, types kept, as Ansible does."""

from psnet.playbook.template.engine import Templar
from psnet.playbook.template.scope import Lazy, Scope, lazily
from psnet.playbook.template.secrets import Secrets
from psnet.playbook.template.values import OMIT, TemplateFault, has_template

__all__ = ["OMIT", "Lazy", "Scope", "Secrets", "Templar", "TemplateFault", "has_template", "lazily"]
