//! The page itself: a frame of words, which its scripts fill with what the API says.

use std::sync::Arc;

use askama::Template;

use super::assets;
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

/// The page in a language, as it is served.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) html: Arc<str>,
    /// The one that an event of `/api/live` names as its page: another one whenever anything of it differs.
    pub(super) version: String,
}

/// Makes the page.
pub(super) fn ready(lang: Lang) -> askama::Result<Ready> {
    let version = assets::version(&page(lang, "")?);
    Ok(Ready { html: page(lang, &version)?.into(), version })
}

fn page(lang: Lang, version: &str) -> askama::Result<String> {
    Page { lang, version }.render()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What stands between `before` and `after`, wherever that is.
    fn between<'a>(text: &'a str, before: &str, after: char) -> BTreeSet<&'a str> {
        text.split(before).skip(1).filter_map(|rest| Some(rest.split_once(after)?.0)).collect()
    }

    fn asset(name: &str) -> &'static str {
        assets::named(name).unwrap_or_else(|| panic!("{name} is not served")).content
    }

    /// Every script that the page loads, with those that they import.
    fn scripts() -> String {
        let (mut seen, mut open) = (BTreeSet::new(), vec!["dashboard.js"]);
        let mut all = String::new();
        while let Some(name) = open.pop() {
            if seen.insert(name) {
                all.push_str(asset(name));
                open.extend(between(asset(name), "from \"./", '"'));
            }
        }
        all
    }

    #[test]
    fn everything_that_the_page_loads_is_served() {
        let page = page(Lang::En, "v1").unwrap();
        let named = between(&page, "\"/assets/", '"');
        assert!(named.contains("dashboard.js") && named.contains("report.css"), "{named:?}");
        for name in named {
            assert!(!asset(name).is_empty(), "{name}");
        }
        assert!(scripts().len() > asset("dashboard.js").len());
    }

    #[test]
    fn the_page_has_a_word_for_everything_that_its_scripts_say() {
        let scripts = scripts();
        for lang in Lang::ALL {
            let page = page(lang, "v1").unwrap();
            assert!(page.contains(&format!("<html lang=\"{}\" data-version=\"v1\">", lang.code())));
            assert!(!page.contains('⟦'), "{lang:?} lacks a text");
            let words = between(&page, "data-word=\"", '"');
            let said = between(&scripts, "word(\"", '"');
            assert!(said.len() > 30, "{said:?}");
            assert!(said.is_subset(&words), "{:?}", said.difference(&words));
            // `{n}` stays for the script.
            assert!(page.contains("{n}") && page.contains("{all}"), "{lang:?}");
        }
    }

    #[test]
    fn a_page_of_other_words_is_another_version() {
        let [english, japanese] = Lang::ALL.map(|lang| ready(lang).unwrap());
        assert_ne!(english.version, japanese.version);
        assert_eq!(english.version, ready(Lang::En).unwrap().version);
        assert!(english.html.contains(&format!("data-version=\"{}\"", english.version)));
    }

    #[test]
    fn nothing_in_the_page_needs_an_exception_from_its_content_security_policy() {
        let page = page(Lang::En, "v1").unwrap();
        for tag in page.split('<').skip(1).filter_map(|rest| Some(rest.split_once('>')?.0)) {
            let inline =
                |word: &str| word.starts_with("style=") || word.starts_with("on") && word.contains('=');
            assert!(!tag.split_whitespace().any(inline), "{tag}");
            assert!(!tag.starts_with("script") || tag.starts_with("script src=\"/assets/"), "{tag}");
            assert!(!tag.starts_with("style"), "{tag}");
        }
    }

    #[test]
    fn what_comes_from_the_api_is_never_taken_for_markup() {
        for markup in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval("]
        {
            assert!(!scripts().contains(markup), "{markup}");
        }
    }
}
