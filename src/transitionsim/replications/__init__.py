"""Published models of others, expressed in this engine and held against their own figures."""
