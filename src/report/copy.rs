//! `report.md` outside of its folder: in another file, whose links lead to the folder, or on stdout.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::files::{save, sync_folder, temporary};
use super::{ReportError, markdown};
use crate::analysis::Analysis;
use crate::lang::Lang;

/// Makes ready for a Markdown report at `path`: creates its folder, and proves that files can be made in it.
///
/// # Errors
/// When that cannot be done, and, unless `force`, when `path` is there already.
pub fn prepare_markdown(path: &Path, force: bool) -> Result<(), ReportError> {
    if !force && path.exists() {
        return Err(ReportError::MarkdownThere { path: path.to_owned() });
    }
    let not_writable = |source| ReportError::MarkdownNotWritable { path: path.to_owned(), source };
    // A report takes the place of what has its name: never that of a folder, or of a device such as /dev/stdout.
    if path.file_name().is_none() || (path.exists() && !path.is_file()) {
        return Err(not_writable(io::Error::new(io::ErrorKind::InvalidInput, "it is no file")));
    }
    let folder = folder_of(path);
    fs::create_dir_all(folder).map_err(not_writable)?;
    temporary(folder, "").map_err(not_writable)?;
    Ok(())
}

/// Writes the Markdown report to `path`. Its links and figures are those of the report folder `out`, by relative paths, so
/// that both can be moved, or committed, together.
///
/// # Errors
/// When it cannot be written.
pub fn write_markdown(analysis: &Analysis, path: &Path, out: &Path, lang: Lang) -> Result<(), ReportError> {
    write_text(path, |from| markdown_text(analysis, from, out, lang))
}

/// Writes a text that knows the folder in which it stands.
pub(super) fn write_text(path: &Path, text: impl FnOnce(&Path) -> String) -> Result<(), ReportError> {
    let folder = folder_of(path);
    let name = path.file_name().unwrap_or_else(|| OsStr::new("report.md"));
    save(folder, name, &text(folder))?;
    sync_folder(folder)
}

/// The text of `report.md` for a reader in the folder `from`, whose report folder is `out`.
#[must_use]
pub fn markdown_text(analysis: &Analysis, from: &Path, out: &Path, lang: Lang) -> String {
    markdown::page(analysis, lang, &base(from, out))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What is put before a file's name in `out`, for a reader in `from`.
pub(super) fn base(from: &Path, out: &Path) -> String {
    let relative = relative(&whole(from), &whole(out));
    if relative.as_os_str().is_empty() { String::new() } else { format!("{}/", relative.to_string_lossy()) }
}

/// From the root on, without links as far as the folder is there.
fn whole(path: &Path) -> PathBuf {
    fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

/// How one gets from the folder `from` to `to`; both begin at the root.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let same = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(same).map(|_| Component::ParentDir);
    up.chain(to.components().skip(same)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_way_from_one_folder_to_another() {
        for (from, to, expected) in [
            ("/a/b", "/a/b", ""),
            ("/a/b", "/a/b/c", "c"),
            ("/a/docs/operations", "/a/reports/run", "../../reports/run"),
            ("/a", "/", ".."),
            ("/", "/a", "a"),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)), Path::new(expected), "{from} {to}");
        }
    }

    /// Every goal of a link that the text has.
    fn goals(text: &str) -> Vec<&str> {
        text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
    }

    #[test]
    fn every_link_leads_to_a_file_of_the_report_folder() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("reports/my run");
        super::super::prepare(&out, false).unwrap();
        super::super::write(&fixture::stores(1), &out, Lang::En).unwrap();
        for path in ["docs/operations/r.md", "r.md", "reports/my run/other.md"] {
            let path = home.path().join(path);
            prepare_markdown(&path, false).unwrap();
            write_markdown(&fixture::stores(1), &path, &out, Lang::Ja).unwrap();
            let text = fs::read_to_string(&path).unwrap();
            assert!(goals(&text).len() > 5, "{text}");
            for goal in goals(&text) {
                let file = path.parent().unwrap().join(goal.replace("%20", " "));
                assert!(file.is_file(), "{goal} of {}", path.display());
            }
        }
    }

    #[test]
    fn what_stands_there_is_replaced_only_when_asked_for() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("r.md");
        fs::write(&path, "precious").unwrap();
        let error = prepare_markdown(&path, false).unwrap_err();
        assert!(error.to_string().contains("--force") && error.io_error().is_none(), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
        prepare_markdown(&path, true).unwrap();
        write_markdown(&fixture::empty(), &path, home.path(), Lang::En).unwrap();
        assert!(fs::read_to_string(&path).unwrap().starts_with("# "));
    }

    #[test]
    fn a_place_that_cannot_be_is_named() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("file"), "").unwrap();
        for path in [home.path().join("file/r.md"), home.path().to_owned(), PathBuf::from("/dev/null")] {
            let error = prepare_markdown(&path, true).unwrap_err();
            assert!(error.io_error().is_some() && error.to_string().contains("--markdown"), "{error}");
        }
    }
}
