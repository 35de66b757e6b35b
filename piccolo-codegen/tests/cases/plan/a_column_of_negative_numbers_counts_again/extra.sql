UPDATE band SET id = -1000 - id WHERE id > 0
