//! Does this system heal itself under load, how fast, and does it tell anyone?
