//! A file below a folder, reached without a symbolic link: nobody who can write into the folder leads a reader out of it.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::path::{Component, Path};

use rustix::fs::{Mode, OFlags, open, openat};

/// What `name` in the folder `below` of `root` holds: a regular file of at most `most` bytes. `root` itself may be a link, as whoever
/// names it chooses where it leads.
pub(super) fn read(root: &Path, below: &Path, name: &str, most: u64) -> io::Result<Vec<u8>> {
    let mut folder = open(root, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    for component in below.components() {
        let way = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        folder = step(&folder, plain(component)?, way)?;
    }
    let mut components = Path::new(name).components();
    let (Some(component), None) = (components.next(), components.next()) else { return Err(no_name()) };
    // A pipe without a writer must not hold the reader up before it is seen to be none.
    let file = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = File::from(step(&folder, plain(component)?, file)?);
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    let mut content = Vec::with_capacity(usize::try_from(metadata.len().min(most)).unwrap_or(0));
    // It may grow while it is read.
    file.take(most.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {most} bytes")));
    }
    Ok(content)
}

fn step(folder: &OwnedFd, name: &OsStr, flags: OFlags) -> io::Result<OwnedFd> {
    Ok(openat(folder, name, flags, Mode::empty())?)
}

/// Neither `..` nor `/`.
fn plain(component: Component<'_>) -> io::Result<&OsStr> {
    match component {
        Component::Normal(name) => Ok(name),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => {
            Err(no_name())
        }
    }
}

fn no_name() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is no name of a file in a folder")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn of(root: &Path, below: &str, name: &str) -> Result<String, io::ErrorKind> {
        let bytes = read(root, Path::new(below), name, 100).map_err(|error| error.kind())?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_file_is_read_and_no_link_is_followed() {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().join("reports");
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::write(root.join("a/b/file"), "text").unwrap();
        fs::write(home.path().join("secret"), "secret").unwrap();
        symlink("../../../secret", root.join("a/b/link")).unwrap();
        symlink("a", root.join("folder")).unwrap();
        symlink(&root, home.path().join("root")).unwrap();

        assert_eq!(of(&root, "a/b", "file").as_deref(), Ok("text"));
        assert_eq!(of(&home.path().join("root"), "a/b", "file").as_deref(), Ok("text"));
        assert!(fs::read(root.join("a/b/link")).is_ok() && fs::read(root.join("folder/b/file")).is_ok());
        let refused = |below, name| read(&root, Path::new(below), name, 100).unwrap_err().raw_os_error();
        assert_eq!(refused("a/b", "link"), Some(rustix::io::Errno::LOOP.raw_os_error()));
        assert_eq!(refused("folder/b", "file"), Some(rustix::io::Errno::NOTDIR.raw_os_error()));
    }

    #[test]
    fn nothing_leads_out_of_the_folder() {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().join("reports");
        fs::create_dir_all(root.join("a")).unwrap();
        fs::write(home.path().join("secret"), "secret").unwrap();
        let absolute = home.path().join("secret").to_string_lossy().into_owned();
        for (below, name) in [
            ("a", "../../secret"),
            ("a/../..", "secret"),
            ("..", "secret"),
            ("a", ".."),
            ("a", "."),
            ("a", ""),
            ("a", absolute.as_str()),
            ("/", absolute.as_str()),
        ] {
            assert_eq!(of(&root, below, name), Err(io::ErrorKind::InvalidInput), "{below} {name}");
        }
    }

    #[test]
    fn what_is_no_regular_file_or_too_large_is_refused_at_once() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("a")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, root.path().join("a/pipe"), Mode::RUSR).unwrap();
        fs::write(root.path().join("a/fits"), [b'x'; 100]).unwrap();
        fs::write(root.path().join("a/large"), [b'x'; 101]).unwrap();
        assert_eq!(of(root.path(), "a", "pipe"), Err(io::ErrorKind::InvalidInput));
        assert_eq!(of(root.path(), "", "a"), Err(io::ErrorKind::InvalidInput));
        assert_eq!(of(root.path(), "a", "large"), Err(io::ErrorKind::FileTooLarge));
        assert_eq!(of(root.path(), "a", "fits").map(|text| text.len()), Ok(100));
        assert_eq!(of(root.path(), "a", "gone"), Err(io::ErrorKind::NotFound));
    }
}
