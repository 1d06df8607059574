//! The web page: the run that goes on, live, and every run that has a report. It reads a journal and a folder of reports, and
//! changes neither.
//!
//! [`live`] follows the journal and says once a second how its last run stands; [`runs`] knows what is in the folder of reports;
//! `page` shows both.

pub mod live;
pub(crate) mod page;
pub mod runs;
