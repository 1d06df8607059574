//! The real thing: a manager and its modules as processes, on free ports and temporary folders.

mod alerts;
mod api;
mod healing;
mod lifecycle;
mod sessions;
mod support;
