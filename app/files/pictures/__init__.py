"""Pictures and scanned papers somebody uploads: looked at by their bytes, made smaller, kept."""
