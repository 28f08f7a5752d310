"""Meta-configurations: the Local Configuration Manager's settings from YAML, compiled and applied."""

from psnet.dsc.lcm.compile import MetaDocument, compile_lcm, lcm_for_host, load_lcm

__all__ = ["MetaDocument", "compile_lcm", "lcm_for_host", "load_lcm"]
