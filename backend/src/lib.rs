//! R-v0.2's Fault Recovery Manager.
