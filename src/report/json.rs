//! `summary.json` out and in; `goose.json` out.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::ReportError;
use crate::analysis::Summary;
use crate::analysis::model::SUMMARY_SCHEMA;

/// The text of `summary.json`.
///
/// # Errors
/// When the summary cannot be serialised.
pub fn summary(summary: &Summary) -> Result<String, ReportError> {
    let mut text = serde_json::to_string_pretty(summary)
        .map_err(|source| ReportError::Serialise { file: "summary.json", source })?;
    text.push('\n');
    Ok(text)
}

/// The text of `goose.json`: goose's metrics as goose gave them, laid out for people.
pub(crate) fn goose(metrics: &str) -> Result<String, ReportError> {
    let value: serde_json::Value = serde_json::from_str(metrics)
        .map_err(|source| ReportError::Serialise { file: "goose.json", source })?;
    Ok(format!("{value:#}\n"))
}

/// Reads a `summary.json`.
///
/// # Errors
/// When the file cannot be read, when it is no summary, and when it comes from a newer schema version.
pub fn read_summary(path: &Path) -> Result<Summary, ReportError> {
    let text =
        fs::read_to_string(path).map_err(|source| ReportError::Read { path: path.to_owned(), source })?;
    parse_summary(&text, path)
}

/// The summary that is the text of the file `path`.
pub(crate) fn parse_summary(text: &str, path: &Path) -> Result<Summary, ReportError> {
    /// The only field that every version has.
    #[derive(Deserialize)]
    struct Version {
        schema: u64,
    }
    let not_a_summary = |source| ReportError::NotASummary { path: path.to_owned(), source };
    // The version first: what a newer version holds need not fit today's types.
    let Version { schema } = serde_json::from_str(text).map_err(not_a_summary)?;
    if schema > u64::from(SUMMARY_SCHEMA) {
        return Err(ReportError::NewerSchema {
            path: path.to_owned(),
            found: schema,
            supported: SUMMARY_SCHEMA,
        });
    }
    serde_json::from_str(text).map_err(not_a_summary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn written(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("summary.json");
        fs::write(&path, text).unwrap();
        (dir, path)
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        for analysis in [fixture::passing(), fixture::failing(), fixture::many(200), fixture::empty()] {
            let (_dir, path) = written(&summary(&analysis.summary).unwrap());
            assert_eq!(read_summary(&path).unwrap(), analysis.summary);
        }
    }

    #[test]
    fn a_newer_version_is_refused_with_a_remedy() {
        let (_dir, path) = written(r#"{"schema": 99, "something": "else"}"#);
        let message = read_summary(&path).unwrap_err().to_string();
        assert!(message.contains("schema version 99"), "{message}");
        assert!(message.contains("update goose-recovery"), "{message}");
    }

    #[test]
    fn another_file_is_no_summary() {
        let (_dir, path) = written(r#"{"runs": []}"#);
        assert!(read_summary(&path).unwrap_err().to_string().contains("is no summary.json"));
        assert!(read_summary(Path::new("/nowhere/summary.json")).unwrap_err().io_error().is_some());
    }

    #[test]
    fn goose_metrics_keep_their_content() {
        let text = goose(r#"{"hash":1,"requests":{}}"#).unwrap();
        assert_eq!(text, "{\n  \"hash\": 1,\n  \"requests\": {}\n}\n");
        assert!(goose("{").is_err());
    }
}
