"""Uploads and spreadsheets: reading them safely, writing them so that they open well."""
