//! Reading: the rows of the acceptance list that begin with A.
