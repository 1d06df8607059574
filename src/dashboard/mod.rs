//! The web page: the run that goes on, live, and every run that has a report. It reads a journal and a folder of reports, and
//! changes neither.
//!
//! [`live`] follows the journal and says twice a second how its last run stands; [`runs`] knows what is in the folder of reports.
//! A [`Dashboard`] serves both: `guard` looks at every request and `headers` at every answer, `api` and `pages` are what there is,
//! `page` and `assets` what a browser loads, and `openapi` describes the API from the table that the router is made of.

mod api;
mod assets;
mod error;
mod guard;
mod headers;
pub mod live;
pub mod openapi;
mod page;
mod pages;
pub mod problem;
mod refusal;
pub mod runs;
mod server;
mod site;
mod token;

pub use error::DashboardError;
pub use guard::{Host, HostError};
pub use server::{Dashboard, Settings};
pub use token::{TOKEN_VARIABLE, Token, TokenError};

/// Where the page is.
pub const PAGE: &str = "/analysis/r_v0_2_resilience";
