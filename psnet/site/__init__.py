"""Loading, templating and validating a declaration."""

from psnet.site.load import SiteSource, load_site, parse_site
from psnet.site.model import Site

__all__ = ["Site", "SiteSource", "load_site", "parse_site"]
