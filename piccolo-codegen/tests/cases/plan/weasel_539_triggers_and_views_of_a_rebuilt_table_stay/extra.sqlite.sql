CREATE VIEW managers AS SELECT id, name FROM manager

CREATE VIEW bands AS SELECT b.name, m.name AS manager FROM band b JOIN managers m ON m.id = b.manager

CREATE TRIGGER greet AFTER INSERT ON manager BEGIN UPDATE band SET name = name WHERE manager = new.id; END

CREATE TRIGGER note AFTER UPDATE OF name ON band BEGIN UPDATE manager SET name = name WHERE id = new.manager; END
