"""Windows container networking as code."""
