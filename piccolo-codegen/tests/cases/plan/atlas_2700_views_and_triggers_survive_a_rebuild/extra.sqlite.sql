CREATE VIEW popular AS SELECT id, name FROM band WHERE popularity > 10

CREATE VIEW of_popular AS SELECT count(*) AS number FROM popular

CREATE TRIGGER into_popular INSTEAD OF INSERT ON popular BEGIN INSERT INTO band (name, popularity) VALUES (new.name, 11); END

CREATE TRIGGER band_is_logged AFTER INSERT ON band BEGIN INSERT INTO log (text) VALUES (new.name); END

CREATE TRIGGER log_is_counted AFTER INSERT ON log WHEN new.text = 'count' BEGIN UPDATE band SET popularity = popularity + 1; END
