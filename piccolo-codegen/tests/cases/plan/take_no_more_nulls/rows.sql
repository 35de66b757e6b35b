INSERT INTO band (a, b, c) VALUES (1, NULL, 5), (2, 7, 6);
