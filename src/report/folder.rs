//! The report folder: made early, so that a run does not end with nowhere to write, and filled file by file.

use std::fs;
use std::path::{Path, PathBuf};

use super::files::{remove, save, sync_folder, temporary};
use super::{ReportError, evidence, html, json, junit, markdown, pngs};
use crate::analysis::Analysis;
use crate::lang::Lang;

/// Every file that a report may have besides its figures.
const FILES: [&str; 6] =
    ["index.html", "report.md", "evidence.json", "junit.xml", "goose.json", "summary.json"];

/// The files by which a folder is known to hold a report.
const MARKS: [&str; 3] = ["summary.json", "compare.json", "index.html"];

/// Makes `dir` ready for a report: creates it, and proves that files can be made in it.
///
/// # Errors
/// When it cannot be made or written into, and, unless `force`, when it already holds a report.
pub fn prepare(dir: &Path, force: bool) -> Result<(), ReportError> {
    ready(dir, force, "--force")
}

/// [`prepare`] for a comparison, where `--force` means something else.
///
/// # Errors
/// As [`prepare`], unless `overwrite`.
pub fn prepare_comparison(dir: &Path, overwrite: bool) -> Result<(), ReportError> {
    ready(dir, overwrite, "--overwrite")
}

fn ready(dir: &Path, replace: bool, flag: &'static str) -> Result<(), ReportError> {
    if let Some(found) = MARKS.into_iter().find(|mark| !replace && dir.join(mark).exists()) {
        return Err(ReportError::AlreadyThere { path: dir.to_owned(), found, flag });
    }
    fs::create_dir_all(dir).map_err(|source| ReportError::CreateFolder { path: dir.to_owned(), source })?;
    temporary(dir, "").map_err(|source| ReportError::NotWritable { path: dir.to_owned(), source })?;
    Ok(())
}

/// The name of every file that a report may have.
pub(crate) fn files() -> impl Iterator<Item = String> {
    FILES.into_iter().map(str::to_owned).chain(pngs::files())
}

/// Writes every file of the report into `dir`, each under a temporary name first, and gives their paths.
///
/// `summary.json` comes last: where it stands, the report is whole. What an earlier report in the same folder has and
/// this one has not, goes.
///
/// # Errors
/// When a file cannot be written; [`ReportError::io_error`] then tells a full disk from the rest.
pub fn write(analysis: &Analysis, dir: &Path, lang: Lang) -> Result<Vec<PathBuf>, ReportError> {
    let mut written = pngs::save(analysis, dir)?;
    written.push(save(dir, "index.html", &html::page(analysis, lang)?)?);
    written.push(save(dir, "report.md", &markdown::page(analysis, lang, ""))?);
    written.push(save(dir, "evidence.json", &evidence::json(analysis, lang)?)?);
    written.push(save(dir, "junit.xml", &junit::xml(analysis, lang)?)?);
    match &analysis.goose_metrics {
        Some(metrics) => written.push(save(dir, "goose.json", &json::goose(metrics)?)?),
        None => remove(&dir.join("goose.json"))?,
    }
    written.push(save(dir, "summary.json", &json::summary(&analysis.summary)?)?);
    sync_folder(dir)?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::report::fixture;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn writes_every_file_and_leaves_no_temporary_one() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("reports/run");
        prepare(&dir, false).unwrap();
        let written = write(&fixture::passing(), &dir, Lang::En).unwrap();
        let expected = [
            "alerts.png",
            "evidence.json",
            "goose.json",
            "index.html",
            "junit.xml",
            "latency.png",
            "recovery.png",
            "recovery_ecdf.png",
            "report.md",
            "resilience.png",
            "summary.json",
            "timeline.png",
        ];
        assert_eq!(names(&dir), expected);
        assert_eq!(written.len(), expected.len());
        assert_eq!(written.last(), Some(&dir.join("summary.json")), "where it stands, the report is whole");
        assert!(written.iter().all(|path| path.is_file()));
        assert!(expected.iter().all(|name| files().any(|known| known == *name)), "each is known by its name");
        let mode = fs::metadata(dir.join("index.html")).unwrap().permissions().mode();
        assert_eq!(mode & 0o400, 0o400);
    }

    #[test]
    fn refuses_an_existing_report_unless_forced() {
        for mark in MARKS {
            let dir = tempfile::tempdir().unwrap();
            fs::write(dir.path().join(mark), "mine").unwrap();
            let error = prepare(dir.path(), false).unwrap_err().to_string();
            assert!(error.contains(mark) && error.contains("--force"), "{error}");
            assert_eq!(fs::read_to_string(dir.path().join(mark)).unwrap(), "mine");
            prepare(dir.path(), true).unwrap();
        }
    }

    #[test]
    fn takes_a_folder_that_holds_other_things() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("notes.txt"), "mine").unwrap();
        prepare(dir.path(), false).unwrap();
        assert_eq!(names(dir.path()), ["notes.txt"]);
    }

    #[test]
    fn a_report_without_goose_metrics_or_stores_leaves_no_older_ones() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("goose.json"), "{}").unwrap();
        fs::write(dir.path().join("cascade.png"), "of an earlier report").unwrap();
        fs::write(dir.path().join("mine.png"), "mine").unwrap();
        let written = write(&fixture::stores(1), dir.path(), Lang::En).unwrap();
        assert!(written.contains(&dir.path().join("resync.png")));
        assert!(dir.path().join("resync.png").exists());
        assert!(!dir.path().join("cascade.png").exists());
        let written = write(&fixture::chains(1), dir.path(), Lang::Ja).unwrap();
        assert!(written.contains(&dir.path().join("cascade.png")));
        assert!(!dir.path().join("resync.png").exists());
        write(&fixture::empty(), dir.path(), Lang::En).unwrap();
        assert!(!dir.path().join("goose.json").exists());
        assert!(!dir.path().join("cascade.png").exists());
        assert!(!dir.path().join("resync.png").exists());
        assert!(dir.path().join("mine.png").exists(), "what is not ours stays");
    }

    #[test]
    fn a_folder_that_cannot_be_is_said_early_and_keeps_its_cause() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        let error = prepare(&file.join("run"), false).unwrap_err();
        assert!(error.io_error().is_some());
        assert!(error.to_string().contains("--out"), "{error}");
    }

    #[test]
    fn a_missing_folder_is_an_io_error_of_the_first_file() {
        let home = tempfile::tempdir().unwrap();
        let error = write(&fixture::empty(), &home.path().join("gone"), Lang::En).unwrap_err();
        assert_eq!(error.io_error().map(io::Error::kind), Some(io::ErrorKind::NotFound));
    }
}
