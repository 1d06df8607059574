//! Acknowledged entries that cannot be kept at their place: a file of JSON lines for a person to look at.

use std::io::Write as _;
use std::path::Path;

use super::spool::{blocking, make_file};
use super::{NewEntry, StoreError};

/// Appends `entries` to the file `path`, durably; without any nothing is done.
pub(super) async fn keep(path: &Path, entries: &[NewEntry]) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut text = String::new();
    for NewEntry { session, seq, payload, checksum } in entries {
        let line = serde_json::json!({
            "session": session.as_str(), "seq": seq, "checksum": checksum, "payload": payload
        });
        text.push_str(&line.to_string());
        text.push('\n');
    }
    let path = path.to_owned();
    let kept = blocking(move || {
        make_file(&path)?;
        let mut file = std::fs::File::options().append(true).open(&path)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()
    });
    kept.await.map_err(|error| StoreError::Spool(format!("cannot keep conflicting entries: {error}")))
}
