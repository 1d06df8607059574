//! The report folder: made early, so that a run does not end with nowhere to write, and filled file by file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::{ReportError, chart, html, json};
use crate::analysis::Analysis;
use crate::lang::Lang;

/// The files by which a folder is known to hold a report.
const MARKS: [&str; 2] = ["summary.json", "index.html"];

/// The figure of runs that stop stores.
const RESYNC: &str = "resync.png";

/// The figure of runs with chains of faults.
const CASCADE: &str = "cascade.png";

/// Makes `dir` ready for a report: creates it, and proves that files can be made in it.
///
/// # Errors
/// When it cannot be made or written into, and, unless `force`, when it already holds a report.
pub fn prepare(dir: &Path, force: bool) -> Result<(), ReportError> {
    if let Some(found) = MARKS.into_iter().find(|mark| !force && dir.join(mark).exists()) {
        return Err(ReportError::AlreadyThere { path: dir.to_owned(), found });
    }
    fs::create_dir_all(dir).map_err(|source| ReportError::CreateFolder { path: dir.to_owned(), source })?;
    temporary(dir, "").map_err(|source| ReportError::NotWritable { path: dir.to_owned(), source })?;
    Ok(())
}

/// Writes every file of the report into `dir`, each under a temporary name first, and gives their paths.
///
/// `summary.json` comes last: where it stands, the report is whole. A `goose.json`, `resync.png` or `cascade.png`
/// of an earlier report in the same folder goes when this run has none.
///
/// # Errors
/// When a file cannot be written; [`ReportError::io_error`] then tells a full disk from the rest.
pub fn write(analysis: &Analysis, dir: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let timeline = chart::timeline::Timeline::new(analysis, Lang::En);
    let recovery = chart::recovery::Recovery::new(&analysis.summary, Lang::En);
    let mut written = vec![
        save_png(dir, "timeline.png", &timeline)?,
        save_png(dir, "recovery.png", &recovery)?,
        save(dir, "index.html", &html::page(analysis, Lang::En)?)?,
    ];
    match chart::resync::Resync::of(&analysis.summary, Lang::En) {
        Some(resync) => written.push(save_png(dir, RESYNC, &resync)?),
        None => remove(&dir.join(RESYNC))?,
    }
    match chart::cascade::Cascade::of(analysis, Lang::En) {
        Some(cascade) => written.push(save_png(dir, CASCADE, &cascade)?),
        None => remove(&dir.join(CASCADE))?,
    }
    match &analysis.goose_metrics {
        Some(metrics) => written.push(save(dir, "goose.json", &json::goose(metrics)?)?),
        None => remove(&dir.join("goose.json"))?,
    }
    written.push(save(dir, "summary.json", &json::summary(&analysis.summary)?)?);
    sync_folder(dir).map_err(|source| ReportError::Write { path: dir.to_owned(), source })?;
    Ok(written)
}

/// Writes one text file.
fn save(dir: &Path, name: &'static str, text: &str) -> Result<PathBuf, ReportError> {
    let path = dir.join(name);
    temporary(dir, "")
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            put(file, &path)
        })
        .map_err(|source| ReportError::Write { path: path.clone(), source })?;
    Ok(path)
}

/// Draws one figure into a PNG file.
fn save_png(dir: &Path, name: &'static str, figure: &impl chart::Figure) -> Result<PathBuf, ReportError> {
    let path = dir.join(name);
    let failed = |source| ReportError::Write { path: path.clone(), source };
    // The encoder takes the format from the name's ending.
    let file = temporary(dir, ".png").map_err(failed)?;
    if let Err(error) = chart::save_png(figure, file.path()).and_then(|()| whole_png(file.path())) {
        // The drawing library hides the I/O error inside its own: ask the file system itself.
        let (width, height) = figure.size();
        return Err(match probe(dir, width as usize * height as usize) {
            Err(source) => failed(source),
            Ok(()) => ReportError::Chart { figure: name, detail: error.to_string() },
        });
    }
    put(file, &path).map_err(failed)?;
    Ok(path)
}

/// Whether the PNG has its end: the encoder does not see a failure to write the last kilobytes.
fn whole_png(path: &Path) -> Result<(), chart::ChartError> {
    const END: &[u8] = b"IEND\xaeB`\x82";
    match fs::read(path) {
        Ok(bytes) if bytes.ends_with(END) => Ok(()),
        Ok(_) => Err(chart::ChartError::new("the picture is cut off")),
        Err(error) => Err(chart::ChartError::new(&error)),
    }
}

/// Whether `dir` takes a file of `bytes` bytes.
fn probe(dir: &Path, bytes: usize) -> io::Result<()> {
    let mut file = temporary(dir, "")?;
    file.write_all(&vec![0; bytes])?;
    file.as_file().sync_all()
}

/// An empty file in `dir` that goes with its handle. Hidden, so that nobody takes it for a part of the report.
fn temporary(dir: &Path, suffix: &str) -> io::Result<NamedTempFile> {
    Builder::new().prefix(".report-").suffix(suffix).permissions(readable()).tempfile_in(dir)
}

/// A report is there to be handed on: readable as the user's umask allows, where a temporary file is private.
fn readable() -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o666)
}

/// Makes a complete file durable, then visible under its name.
fn put(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Removes a file that may not be there.
fn remove(path: &Path) -> Result<(), ReportError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(ReportError::Write { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// Makes the renames durable.
fn sync_folder(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
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
        let written = write(&fixture::passing(), &dir).unwrap();
        let expected = ["goose.json", "index.html", "recovery.png", "summary.json", "timeline.png"];
        assert_eq!(names(&dir), expected);
        assert_eq!(written.len(), expected.len());
        assert!(written.iter().all(|path| path.is_file()));
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
        let written = write(&fixture::stores(1), dir.path()).unwrap();
        assert!(written.contains(&dir.path().join("resync.png")));
        assert!(dir.path().join("resync.png").exists());
        let written = write(&fixture::chains(1), dir.path()).unwrap();
        assert!(written.contains(&dir.path().join("cascade.png")));
        assert!(!dir.path().join("resync.png").exists());
        write(&fixture::empty(), dir.path()).unwrap();
        assert!(!dir.path().join("goose.json").exists());
        assert!(!dir.path().join("cascade.png").exists());
        assert!(!dir.path().join("resync.png").exists());
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
        let error = write(&fixture::empty(), &home.path().join("gone")).unwrap_err();
        assert_eq!(error.io_error().map(io::Error::kind), Some(io::ErrorKind::NotFound));
    }
}
