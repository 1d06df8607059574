//! The page itself: a frame of words, which its scripts fill with what the API says.

use askama::Template;

use crate::lang::{Arg, Lang};

/// The template and all that it shows.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    lang: Lang,
    version: &'a str,
}

impl Page<'_> {
    /// A text whose variables the script fills in: each stands there as its name in braces.
    fn pattern<const N: usize>(&self, id: &str, names: &[&str; N]) -> String {
        self.lang.say(id, names.map(|name| (name, Arg::Text(format!("{{{name}}}")))))
    }
}

/// The page in a language. `version` is the one that an event of `/api/live` names as its page.
pub(super) fn page(lang: Lang, version: &str) -> askama::Result<String> {
    Page { lang, version }.render()
}
