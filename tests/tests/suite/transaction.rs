//! Transactions and savepoints: the rows of the acceptance list that begin with C.
