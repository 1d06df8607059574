//! An exact stamp travels in the *fragment* of a request's URL: no client sends it, goose logs it, and its metrics go by
//! the request's name. So a request that we have stamped is known again in goose's log, whoever sent it.

use std::fmt;

/// How the fragment begins.
const STAMPED: &str = "goose-recovery=";
/// How it begins when the request was sent for alignment only.
const MARKER: &str = "goose-recovery-marker=";

/// What a fragment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// When the request began, in µs since the run did.
    pub(super) at_us: u64,
    /// It is no request of the load.
    pub(super) is_marker: bool,
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_marker { MARKER } else { STAMPED }, self.at_us)
    }
}

/// The stamp of a URL, if it has one.
pub(super) fn read(url: &str) -> Option<Stamp> {
    let (_, fragment) = url.rsplit_once('#')?;
    let of = |begin: &str, is_marker| {
        Some(Stamp { at_us: fragment.strip_prefix(begin)?.parse().ok()?, is_marker })
    };
    of(STAMPED, false).or_else(|| of(MARKER, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for stamp in [Stamp { at_us: 0, is_marker: true }, Stamp { at_us: 1 << 60, is_marker: false }] {
            assert_eq!(read(&format!("http://h/p?q=1#{stamp}")), Some(stamp));
        }
    }

    #[test]
    fn other_fragments_are_no_stamps() {
        for url in ["http://h/", "http://h/#top", "http://h/#goose-recovery=", "http://h/#goose-recovery=-1"]
        {
            assert_eq!(read(url), None, "{url}");
        }
    }
}
