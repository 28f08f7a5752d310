"""System.Xml's document model: nodes, reading, writing, XPath."""
