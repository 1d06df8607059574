//! Every run that has a report below one folder.
//!
//! `index` finds them (`walk`) and keeps a `row` of each; `settings` takes them together by what differs in their restart policies, and
//! `compare` sets them side by side. What is read is read by `beneath`, which follows no symbolic link.

mod beneath;
mod compare;
pub(crate) mod index;
pub mod model;
mod row;
mod settings;
mod unreadable;
mod walk;
