//! Why a report cannot be read, and what to do, in words. Pure.

use std::io;

use crate::lang::Lang;
use crate::report::ReportError;

/// Of a `summary.json`.
pub(super) fn summary(error: &ReportError, lang: Lang) -> String {
    match error {
        ReportError::NewerSchema { found, supported, .. } => lang.say(
            "runs-newer",
            [("found", found.to_string().into()), ("supported", supported.to_string().into())],
        ),
        ReportError::NotASummary { source, .. } => {
            lang.say("runs-no-summary", [("detail", source.to_string().into())])
        }
        other => {
            let detail = other.io_error().map_or_else(|| other.to_string(), ToString::to_string);
            lang.say("runs-not-read", [("detail", detail.into())])
        }
    }
}

/// Of a folder.
pub(super) fn folder(error: &io::Error, lang: Lang) -> String {
    lang.say("runs-folder-closed", [("detail", error.to_string().into())])
}
