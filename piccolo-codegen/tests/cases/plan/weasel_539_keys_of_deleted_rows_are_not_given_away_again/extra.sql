DELETE FROM band WHERE id = (SELECT max(id) FROM band)
