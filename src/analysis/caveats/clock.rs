//! That the target's clock is not ours.

use url::{Host, Url};

use crate::analysis::offset::Offset;
use crate::lang::{Arg, Sentence};

/// Stamps are truncated to whole µs, and clocks are read one after the other: less than this proves nothing.
const LEAST_US: u64 = 1_000;

/// What the data prove and, failing that, what must be feared of a target at `base_url`.
pub(super) fn caveats(base_url: &str, offset: &Offset, all: &mut Vec<Sentence>) {
    let proofs = [("caveat-clock-ahead", offset.ahead_us), ("caveat-clock-behind", offset.behind_us)];
    for (id, us) in proofs.into_iter().filter(|(_, us)| *us >= LEAST_US) {
        all.push(Sentence::with(id, [("least", Arg::LengthUs(us))]));
    }
    if let Some(host) = remote(base_url).filter(|_| offset.stamped) {
        all.push(Sentence::with("caveat-clock-remote", [("host", host.into())]));
    }
}

/// The host of a URL that leads away from this machine's loopback; `None` of what is no URL.
fn remote(base_url: &str) -> Option<String> {
    let url = Url::parse(base_url).ok()?;
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
            ("<b>no URL</b>", None),
        ] {
            assert_eq!(remote(url).as_deref(), expected, "{url}");
        }
    }
}
