//! StateResync: what was acknowledged while a store was away reaches it when it is back.
//!
//! It runs in the session module, the only process that writes to the stores: whoever is killed, there is never a
//! second writer, and its successor starts over from what is on disk. [`keeper`] asks the stores how they are and starts
//! a resync when one is back; [`resync`] is its work; [`report`] is what the manager hears of it. The manager only
//! passes requests on and, in [`observer`], asks how the stores are; [`news`] makes events, alerts and counts of it.

mod keeper;
mod news;
mod observer;
mod report;
mod resync;

pub(crate) use keeper::{Keeper, Refusal};
pub(crate) use news::ResyncCounts;
pub(crate) use observer::StoreObserver;
pub(crate) use report::{Availability, Episode, Report, StoresStatus, Trigger};
pub(crate) use resync::Stores;
