//! Systems that somebody else wrote: each is started, broken and stopped by the command that a reader is given, while a probe
//! in a process of its own looks on.

mod example;
mod goose_test;
mod gunicorn;
mod nginx;
mod probe;
mod redis_sentinel;
mod supervisors;
