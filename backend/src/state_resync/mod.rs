//! StateResync: what was acknowledged while a store was away reaches it when it is back.
//!
//! It runs in the session module, the only process that writes to the stores: whoever is killed, there is never a
//! second writer, and its successor starts over from what is on disk.

mod keeper;

pub(crate) use keeper::keep;
