INSERT INTO band (name, genre, others) VALUES ('a', 'folk', '["folk","rock","folk"]'), ('b', 'rock', '["folk","rock","folk"]');
