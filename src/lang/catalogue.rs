//! The texts of a language, parsed once in a process.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{Arg, Lang, format};

/// Stands around the id of a text that cannot be said. No test lets one through.
const MISSING: (char, char) = ('⟦', '⟧');

/// The files of a language.
macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!($language, "/common.ftl")),
            include_str!(concat!($language, "/analysis.ftl")),
            include_str!(concat!($language, "/report.ftl")),
            include_str!(concat!($language, "/page.ftl")),
            include_str!(concat!($language, "/chart.ftl")),
            include_str!(concat!($language, "/chart-compare.ftl")),
            include_str!(concat!($language, "/markdown.ftl")),
            include_str!(concat!($language, "/evidence.ftl")),
            include_str!(concat!($language, "/compare.ftl")),
            include_str!(concat!($language, "/sweep.ftl")),
            include_str!(concat!($language, "/dashboard.ftl")),
        ]
    };
}

/// Every file of a language.
const fn sources(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::En => &files!("en"),
        Lang::Ja => &files!("ja"),
    }
}

/// The texts of one language.
pub(super) struct Catalogue {
    bundle: FluentBundle<FluentResource>,
}

impl Catalogue {
    pub(super) fn of(lang: Lang) -> &'static Self {
        static EN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::parse(Lang::En));
        static JA: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::parse(Lang::Ja));
        match lang {
            Lang::En => &EN,
            Lang::Ja => &JA,
        }
    }

    fn parse(lang: Lang) -> Self {
        let id: LanguageIdentifier = lang.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // The marks that keep texts of different directions apart: neither language needs them.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(n) => Some(format::number_or_count(n.value)),
            _ => None,
        }));
        for source in sources(lang) {
            // What cannot be parsed is missing, and a test asks for every file to be parsed without an error.
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partly, _)| partly);
            let _ = bundle.add_resource(resource);
        }
        Self { bundle }
    }

    pub(super) fn knows(&self, id: &str) -> bool {
        self.bundle.has_message(id)
    }

    /// The text with its variables filled in.
    pub(super) fn fill(&self, lang: Lang, id: &str, args: &BTreeMap<String, Arg>) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return missing(id);
        };
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            let value = match arg {
                #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
                Arg::Count(n) => FluentValue::from(*n as f64),
                other => FluentValue::from(other.read(lang)),
            };
            values.set(name.clone(), value);
        }
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&values), &mut errors);
        if errors.is_empty() { text.into_owned() } else { missing(id) }
    }
}

fn missing(id: &str) -> String {
    format!("{}{id}{}", MISSING.0, MISSING.1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Each text by its id, with the names of its variables, as the file has them.
    fn texts(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        for source in sources(lang) {
            let mut id = String::new();
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) =
                    line.split_once(" =").filter(|_| line.starts_with(char::is_alphabetic))
                {
                    id = name.to_owned();
                    assert!(found.insert(id.clone(), BTreeSet::new()).is_none(), "{id} stands twice");
                }
                let variables = line.split('$').skip(1).map(|rest| {
                    rest.chars()
                        .take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
                        .collect::<String>()
                });
                if let Some(known) = found.get_mut(&id) {
                    known.extend(variables);
                }
            }
        }
        found
    }

    #[test]
    fn every_file_can_be_parsed_in_whole() {
        for lang in Lang::ALL {
            for source in sources(lang) {
                let parsed = FluentResource::try_new((*source).to_owned());
                assert!(parsed.is_ok(), "{lang:?}: {:?}", parsed.err().map(|(_, errors)| errors));
            }
        }
    }

    #[test]
    fn every_text_is_there_in_each_language_with_the_same_variables() {
        let english = texts(Lang::En);
        assert!(!english.is_empty());
        for lang in Lang::ALL {
            let own = texts(lang);
            let missing: Vec<_> = english.keys().filter(|id| !own.contains_key(*id)).collect();
            let extra: Vec<_> = own.keys().filter(|id| !english.contains_key(*id)).collect();
            assert!(
                missing.is_empty() && extra.is_empty(),
                "{lang:?} lacks {missing:?} and has besides {extra:?}"
            );
            for (id, variables) in &english {
                assert_eq!(variables, &own[id], "{lang:?} {id}");
                assert!(Catalogue::of(lang).knows(id), "{lang:?} {id}");
            }
        }
    }

    #[test]
    fn a_text_that_is_not_there_can_be_seen() {
        assert_eq!(Lang::En.say("no-such-text", []), "⟦no-such-text⟧");
        // A variable that nobody gave.
        assert_eq!(Lang::En.say("verbatim", []), "⟦verbatim⟧");
    }
}
