//! What is in the folder of reports.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::beneath;
use super::compare;
use super::model::{Run, RunRow, Runs, UnreadableRun};
use super::row::row;
use super::settings;
use super::unreadable;
use super::walk::{MOST_FOLDERS, RunFolder, SUMMARY, walk};
use crate::analysis::Summary;
use crate::lang::Lang;
use crate::report::{self, ReportError};

pub(crate) use super::compare::NotCompared;

/// No file of a report is larger.
const MOST_BYTES: u64 = 64 << 20;

/// Knows the reports below a folder. Only what it has found itself can be asked for: no path of a request becomes one of a file.
#[derive(Debug)]
pub(crate) struct Index {
    folder: PathBuf,
    lang: Lang,
    seen: Mutex<Seen>,
}

/// A file of a report.
#[derive(Debug)]
pub(crate) struct ReportFile {
    pub(crate) content: Vec<u8>,
    pub(crate) media_type: &'static str,
}

/// What the last look has found.
#[derive(Debug, Default)]
struct Seen {
    /// By their ids.
    runs: BTreeMap<String, Known>,
    /// What stands in the way of looking, in words, by the folder that it is about.
    obstacles: Vec<UnreadableRun>,
}

/// A run, of which only the row is kept: summaries are large.
#[derive(Debug)]
struct Known {
    folder: RunFolder,
    /// Its row, or why there is none.
    row: Result<RunRow, String>,
}

impl Index {
    /// Nothing is looked for yet.
    pub(crate) fn new(folder: &Path, lang: Lang) -> Self {
        Self { folder: folder.to_owned(), lang, seen: Mutex::default() }
    }

    /// Every run that there is now.
    pub(crate) fn runs(&self) -> Runs {
        let seen = self.look();
        let mut runs: Vec<RunRow> = seen.runs.values().filter_map(Known::listed).collect();
        let settings = settings::name(&mut runs, self.lang);
        runs.sort_by(|a, b| settings::oldest_first(b, a));
        let unreadable = |(id, known): (&String, &Known)| {
            Some(UnreadableRun { id: id.clone(), reason: known.row.as_ref().err()?.clone() })
        };
        let mut unreadable: Vec<_> = seen.runs.iter().filter_map(unreadable).collect();
        unreadable.extend(seen.obstacles.iter().cloned());
        unreadable.sort_by(|a, b| a.id.cmp(&b.id));
        Runs { folder: self.folder.display().to_string(), runs, settings, unreadable }
    }

    /// A run by its [`id`](RunRow::id).
    pub(crate) fn run(&self, id: &str) -> Option<Run> {
        let row = self.runs().runs.into_iter().find(|row| row.id == id)?;
        let summary = self.summary(&self.path(id)?).ok()?;
        Some(Run { row, summary })
    }

    /// The report of a run by its id in the journal. Of several the one that was made last.
    pub(crate) fn report_of(&self, run_id: &str) -> Option<Run> {
        let id = {
            let seen = self.look();
            let is_it = |known: &&Known| known.row.as_ref().is_ok_and(|row| row.run_id == run_id);
            let found = seen.runs.values().filter(is_it).max_by_key(|known| known.folder.stamp.modified)?;
            found.row.as_ref().ok()?.id.clone()
        };
        self.run(&id)
    }

    /// A file of a report. `None` for one that no report has.
    pub(crate) fn file(&self, id: &str, name: &str) -> Option<ReportFile> {
        let name = report::files().find(|known| known == name)?;
        let content = beneath::read(&self.folder, &self.path(id)?, &name, MOST_BYTES).ok()?;
        Some(ReportFile { content, media_type: media_type(&name) })
    }

    /// The page that sets runs side by side, the first as the baseline.
    pub(crate) fn comparison(&self, ids: &[String], force: bool) -> Result<String, NotCompared> {
        compare::check(ids.len(), self.lang)?;
        let load = |id: &String| {
            let path = self.path(id).ok_or_else(|| NotCompared::no_such_run(id, self.lang))?;
            self.summary(&path).map_err(|error| NotCompared::unreadable(id, &error, self.lang))
        };
        let runs: Vec<Summary> = ids.iter().map(load).collect::<Result<_, _>>()?;
        compare::page(&runs, force, self.lang)
    }

    /// The folder of a run that a look has found: the last one, or one that is made now.
    fn path(&self, id: &str) -> Option<PathBuf> {
        let of = |seen: &Seen| seen.runs.get(id).map(|known| known.folder.path.clone());
        let known = of(&self.seen());
        known.or_else(|| of(&self.look()))
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // A look that was broken off leaves runs out, and the next one finds them.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what is new or has changed, and forgets what is gone. Whoever looks at the same time waits, and finds it all read.
    fn look(&self) -> MutexGuard<'_, Seen> {
        let mut seen = self.seen();
        let found = walk(&self.folder);
        let mut before = std::mem::take(&mut seen.runs);
        for folder in found.runs {
            let id = id_of(&folder.path);
            let known = before.remove(&id).filter(|known| known.folder.path == folder.path);
            let row = match known {
                Some(known) if known.folder.stamp == folder.stamp => known.row,
                _ => self.read(&id, &folder),
            };
            // Should two folders have one id, the first keeps it.
            seen.runs.entry(id).or_insert(Known { folder, row });
        }
        let closed = found.closed.iter().map(|(path, error)| UnreadableRun {
            id: id_of(path),
            reason: unreadable::folder(error, self.lang),
        });
        let whole = [
            (found.is_report, self.lang.text("runs-folder-is-report")),
            (found.is_cut, self.lang.say("runs-folder-is-cut", [("folders", MOST_FOLDERS.into())])),
        ];
        let whole = whole.into_iter().filter(|(is, _)| *is);
        let whole = whole.map(|(_, reason)| UnreadableRun { id: id_of(Path::new("")), reason });
        seen.obstacles = closed.chain(whole).collect();
        seen
    }

    fn read(&self, id: &str, folder: &RunFolder) -> Result<RunRow, String> {
        match self.summary(&folder.path) {
            Ok(summary) => Ok(row(id, &summary, self.lang)),
            Err(error) => Err(unreadable::summary(&error, self.lang)),
        }
    }

    /// What a run was judged to be, read anew.
    fn summary(&self, path: &Path) -> Result<Summary, ReportError> {
        let file = self.folder.join(path).join(SUMMARY);
        let bytes = beneath::read(&self.folder, path, SUMMARY, MOST_BYTES);
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other));
        let text = text.map_err(|source| ReportError::Read { path: file.clone(), source })?;
        report::parse_summary(&text, &file)
    }
}

impl Known {
    /// The row with the way to its report.
    fn listed(&self) -> Option<RunRow> {
        let row = self.row.as_ref().ok()?.clone();
        let report =
            self.folder.has_page.then(|| format!("/reports/{}/", utf8_percent_encode(&row.id, SEGMENT)));
        Some(RunRow { report, ..row })
    }
}

/// What stands for itself in a segment of a URL's path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The path of a folder as text. Bytes that are none are spelled as `\xFF`.
fn id_of(path: &Path) -> String {
    if path.as_os_str().is_empty() {
        return ".".to_owned();
    }
    let mut id = String::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        id.push_str(chunk.valid());
        id.extend(
            chunk.invalid().iter().flat_map(|byte| format!("\\x{byte:02X}").chars().collect::<Vec<_>>()),
        );
    }
    id
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "md")) => "text/markdown; charset=utf-8",
        Some((_, "json")) => "application/json",
        Some((_, "xml")) => "application/xml",
        Some((_, "png")) => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
