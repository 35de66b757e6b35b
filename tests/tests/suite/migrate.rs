//! Migrations, authored and run: the rows of the acceptance list that begin with E.
