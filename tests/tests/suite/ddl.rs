//! Tables created, altered and dropped: the rows of the acceptance list that begin with D.
