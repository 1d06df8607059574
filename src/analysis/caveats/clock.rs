//! That the target's clock is not ours.

use url::{Host, Url};

use crate::analysis::offset::Offset;
use crate::lang::{Arg, Sentence};

/// Stamps are truncated to whole µs, and clocks are read one after the other: less than this proves nothing.
const LEAST_US: u64 = 1_000;

/// What the data prove and, failing that, what must be feared of a target at `base_url`.
pub(super) fn caveats(base_url: &str, offset: &Offset, all: &mut Vec<Sentence>) {
    let proofs = [("caveat-clock-ahead", offset.ahead_us), ("caveat-clock-behind", offset.behind_us)];
    // What was measured says more than what was proven.
    let proven = proofs.into_iter().filter(|(_, us)| *us >= LEAST_US && offset.bounds.is_none());
    for (id, us) in proven {
        all.push(Sentence::with(id, [("least", Arg::LengthUs(us))]));
    }
    let remote = Url::parse(base_url).ok().and_then(|url| remote_host(&url));
    if let Some(bounds) = &offset.bounds {
        let side = match bounds.corrected_us.signum() {
            0 => "same",
            1 => "ahead",
            _ => "behind",
        };
        let args = [
            ("offset", Arg::LengthUs(bounds.corrected_us.unsigned_abs())),
            ("side", side.into()),
            ("uncertainty", Arg::LengthUs(bounds.uncertainty_us())),
            ("samples", bounds.samples.into()),
        ];
        all.push(Sentence::with("caveat-clock-measured", args));
    }
    if let Some(host) = remote.filter(|_| offset.stamped && offset.bounds.is_none()) {
        all.push(Sentence::with("caveat-clock-remote", [("host", host.into())]));
    }
}

/// The host of a URL that leads away from this machine's loopback.
pub(crate) fn remote_host(url: &Url) -> Option<String> {
    let here = match url.host()? {
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.to_canonical().is_loopback(),
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
    };
    if here { None } else { url.host_str().map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_has_many_names() {
        for (url, expected) in [
            ("http://127.0.0.1:8000", None),
            ("http://127.8.9.1/", None),
            ("http://localhost:8000/api", None),
            ("http://backend.localhost/", None),
            ("http://[::1]:8000/", None),
            ("http://[::ffff:127.0.0.1]:8000/", None),
            ("http://localhost.example.org/", Some("localhost.example.org")),
            ("https://10.0.0.7:8443/", Some("10.0.0.7")),
            ("http://[2001:db8::7]/", Some("[2001:db8::7]")),
        ] {
            assert_eq!(remote_host(&url.parse().unwrap()).as_deref(), expected, "{url}");
        }
    }
}
