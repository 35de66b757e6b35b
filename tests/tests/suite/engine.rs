//! Engines: connecting by url, pools, options, values that read back the same, errors of one kind.
