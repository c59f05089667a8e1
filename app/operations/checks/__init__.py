"""What is wrong with an installation, in a line each: asked by whoever looks after it (`flask --app wsgi check`)."""
