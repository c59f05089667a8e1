"""Where the schema stands, bringing it to where the code is, and altering tables that hold rows."""
