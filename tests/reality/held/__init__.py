"""Claims proved on the lab, one module an area: functions marked with ``reality.claims.claim``."""
