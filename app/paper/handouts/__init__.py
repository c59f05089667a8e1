"""Papers that are handed out besides certificates: lists to sign, slips with a link, tables of data."""
