//! AlertDispatcher: tells the outside what happened, at least once, in order per module.
//!
//! A crash, a recovery or a surrender becomes an [`AlertDraft`]; [`AlertDispatcher::submit`] takes it without waiting,
//! so that the outbox's disk never delays a restart. One task writes drafts to the [`outbox`] in order; only then do
//! the [`delivery`] lanes, one per webhook and module, send them. Lanes keep the order of each module and do not wait
//! for one another. A receiver gets the alert as our own JSON, or in the form of [`alertmanager`].

mod alert;
mod alertmanager;
mod delivery;
mod dispatcher;
mod outbox;
mod webhook;

pub(crate) use alert::{AlertDraft, AlertKind};
pub(crate) use dispatcher::AlertDispatcher;
pub(crate) use outbox::{AlertCounts, ListedAlert, Outbox};
pub use webhook::{Webhook, WebhookError};
