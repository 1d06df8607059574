//! Files that are whole or not there: each is written under a temporary name first.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::{ReportError, chart};

/// Writes one text file of a report.
pub(super) fn save(dir: &Path, name: impl AsRef<Path>, text: &str) -> Result<PathBuf, ReportError> {
    let path = dir.join(name);
    write_whole(dir, &path, text).map_err(|source| ReportError::Write { path: path.clone(), source })?;
    Ok(path)
}

/// Writes a text file `path` in `dir`, which is what it was, or whole.
pub(crate) fn write_whole(dir: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut file = temporary(dir, "")?;
    file.write_all(text.as_bytes())?;
    put(file, path)
}

/// Draws one figure of a size in pixels into a PNG file.
pub(super) fn save_png(
    dir: &Path,
    name: &'static str,
    (width, height): (u32, u32),
    draw: impl FnOnce(&Path) -> Result<(), chart::ChartError>,
) -> Result<PathBuf, ReportError> {
    let path = dir.join(format!("{name}.png"));
    let failed = |source| ReportError::Write { path: path.clone(), source };
    // The encoder takes the format from the name's ending.
    let file = temporary(dir, ".png").map_err(failed)?;
    if let Err(error) = draw(file.path()).and_then(|()| whole_png(file.path())) {
        // The drawing library hides the I/O error inside its own: ask the file system itself.
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
pub(super) fn temporary(dir: &Path, suffix: &str) -> io::Result<NamedTempFile> {
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
pub(super) fn remove(path: &Path) -> Result<(), ReportError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(ReportError::Write { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// Makes the renames durable.
pub(super) fn sync_folder(dir: &Path) -> Result<(), ReportError> {
    let synced = File::open(dir).and_then(|dir| dir.sync_all());
    synced.map_err(|source| ReportError::Write { path: dir.to_owned(), source })
}
