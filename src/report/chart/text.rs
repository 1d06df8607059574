//! What several figures say and how they turn microseconds into figures. Pure.

use crate::analysis::model::Episode;
use crate::lang::{Lang, format};

/// Name of an episode beside its bar: all of it is the target's or the user's own words.
pub(super) fn name(episode: &Episode) -> String {
    format!("#{} {} {}", episode.id, episode.fault, episode.target)
}

/// `153 ms to 2.1 s`; one length where both read the same.
pub(super) fn range(lang: Lang, low_us: u64, high_us: u64) -> String {
    let [low, high] = [low_us, high_us].map(format::length);
    if low == high {
        return high;
    }
    lang.say("chart-range", [("low", low.into()), ("high", high.into())])
}

/// Sentences one after the other; Japanese has no space between them.
pub(super) fn sentences(lang: Lang, all: &[String]) -> String {
    all.join(match lang {
        Lang::En => " ",
        Lang::Ja => "",
    })
}

/// A length in milliseconds for a column that says so.
pub(super) fn ms(us: u64) -> String {
    match us {
        // From here on no digit after the point matters.
        9_950.. => format::count(us.saturating_add(500) / 1_000),
        _ => format::Unit::of(us).bare(us),
    }
}

/// [`ms`], or that nobody observed it.
pub(super) fn ms_or(lang: Lang, us: Option<u64>) -> String {
    us.map_or_else(|| lang.text("not-observed"), ms)
}

/// A share in per cent for a column that says so.
pub(super) fn percent(share: f64) -> String {
    let text = format::ratio(share);
    text.strip_suffix(" %").unwrap_or(&text).to_owned()
}

/// An instant on an axis in seconds.
pub(super) fn seconds(us: u64) -> f64 {
    float(us) / 1e6
}

/// A count or a length as a place in a picture.
#[expect(clippy::cast_precision_loss, reason = "a picture is coarser than 2^-53")]
pub(super) fn float(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_milliseconds_tells_microseconds_apart_and_groups_minutes() {
        for (us, expected) in [
            (0, "0"),
            (40, "0.04"),
            (4_900, "4.9"),
            (9_949, "9.9"),
            (9_950, "10"),
            (152_900, "153"),
            (59_990_000, "59\u{202f}990"),
        ] {
            assert_eq!(ms(us), expected, "{us} µs");
        }
        assert_eq!(ms_or(Lang::En, None), "not observed");
        assert_eq!(percent(0.999_96), "99.996");
    }
}
