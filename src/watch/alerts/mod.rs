//! Alerts in the formats of those who send or list them: `payload` is what is posted, `list` what is asked for, `text` a
//! message for people.

pub mod list;
pub(super) mod payload;
mod text;

pub use list::ListShape;
pub use text::TextRule;

/// A text longer than this is cut.
const MAX_TEXT: usize = 1000;
/// More alerts than this in one payload are refused: the journal never waits, so it must not be flooded.
const MAX_ALERTS: usize = 500;

/// `text`, cut where nobody would read on.
fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(at);
    }
    text
}
