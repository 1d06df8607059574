//! Reads a log that is still being written, to its end.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use flate2::read::MultiGzDecoder;

/// How long there may be nothing new before it is looked for again.
const NAP: Duration = Duration::from_millis(20);
/// What is read at a time; goose writes as much at a time.
const CHUNK: usize = 64 << 10;

/// Says that whoever writes the log has ended. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Ended(Arc<AtomicBool>);

impl Ended {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Lines of the log at `path`, as they come; gzipped where its name says so, as goose takes it. Waits for the head of a
/// gzipped one.
///
/// # Errors
/// When it cannot be opened.
pub(super) fn open(path: &Path, ended: Ended) -> io::Result<Box<dyn BufRead>> {
    let growing = Growing { file: File::open(path)?, ended };
    let gzipped = path.extension().is_some_and(|extension| extension == "gz");
    Ok(if gzipped {
        Box::new(BufReader::with_capacity(CHUNK, MultiGzDecoder::new(growing)))
    } else {
        Box::new(BufReader::with_capacity(CHUNK, growing))
    })
}

/// A file whose end is no end until its writer has ended.
struct Growing<R = File> {
    file: R,
    ended: Ended,
}

impl<R: Read> Read for Growing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            // Asked before reading: what was written before the end is there then.
            let ended = self.ended.get();
            let read = self.file.read(buffer)?;
            if read > 0 || ended {
                return Ok(read);
            }
            std::thread::sleep(NAP);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn nothing_is_missed_of_what_is_written_before_the_end() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["log.json", "log.json.gz"] {
            let path = folder.path().join(name);
            let file = File::create(&path).unwrap();
            let mut writer: Box<dyn Write + Send> = match name.ends_with("gz") {
                true => Box::new(flate2::write::GzEncoder::new(file, flate2::Compression::fast())),
                false => Box::new(file),
            };
            let ended = Ended::default();
            let reader = std::thread::spawn({
                let (path, ended) = (path.clone(), ended.clone());
                move || open(&path, ended)?.lines().collect::<io::Result<Vec<_>>>()
            });
            for n in 0..200 {
                writeln!(writer, "line {n}").unwrap();
                writer.flush().unwrap();
            }
            drop(writer);
            ended.set();
            let lines = reader.join().unwrap().unwrap();
            assert_eq!((lines.len(), lines[199].as_str()), (200, "line 199"), "{name}");
        }
    }
}
