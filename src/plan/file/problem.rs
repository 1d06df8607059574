//! What is wrong with a plan file, and where.

use std::fmt;

use toml::de::{DeTable, DeValue};

use crate::plan::PlanError;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong and what to do, in the words of the file.
    pub reason: String,
}

impl fmt::Display for Problem {
    /// As compilers write it, so that editors can go there: `4:9: what is wrong`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.reason)
    }
}

/// The keys of the values that flags give too, a key of `[[scenario]]` standing for that of any of them.
const KEYS: [(&str, &str); 31] = [
    ("--base-url", "target.base_url"),
    ("--alert-listen", "target.alert_listen"),
    ("--alert-path", "target.alert_path"),
    ("--alerts-url", "alerts.url"),
    ("--stores", "stores.kind"),
    ("--database-url", "stores.database_url"),
    ("--cache-url", "stores.cache_url"),
    ("--store-stop-cmd", "stores.stop_cmd"),
    ("--store-start-cmd", "stores.start_cmd"),
    ("a policy flag", "policy"),
    ("--users", "load.users"),
    ("--think-time", "load.think_time"),
    ("--request-timeout", "load.request_timeout"),
    ("--baseline", "steady_state.baseline"),
    ("--hold", "steady_state.hold"),
    ("--recovery-deadline", "judgement.recovery_deadline"),
    ("--alert-deadline", "judgement.alert_deadline"),
    ("--sink-outage", "judgement.sink_outage"),
    ("--strict", "judgement.strict"),
    ("--abort-when", "guardrail.abort_when"),
    ("--seed", "seed"),
    ("--label", "labels"),
    ("--scenario", "scenario.kind"),
    ("--fault", "scenario.fault"),
    ("--iterations", "scenario.iterations"),
    ("--crash-loop", "scenario.crash_loop"),
    ("--pause", "scenario.pause"),
    ("--outage", "scenario.outage"),
    ("--resync-grace", "scenario.resync_grace"),
    ("--duration", "scenario.duration"),
    ("--interval", "scenario.interval"),
];

impl Problem {
    pub(super) fn of_toml(text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        Self::at(text, start, in_our_words(error.message()))
    }

    /// A plan that is refused: the place is that of the first key that it names and that stands in the file. When none does, the
    /// file is not at fault.
    pub(super) fn of_plan(text: &str, error: &PlanError) -> Option<Self> {
        let said = error.to_string();
        let mut named: Vec<_> =
            KEYS.iter().filter_map(|(flag, key)| Some((find(&said, flag)?, *flag, *key))).collect();
        named.sort_unstable();
        let start = named.iter().find_map(|(_, _, key)| start_of(text, key))?;
        let mut reason = said;
        for (at, flag, key) in named.into_iter().rev() {
            reason.replace_range(at..at + flag.len(), key);
        }
        Some(Self::at(text, start, reason))
    }

    /// What is wrong with the table `index` of a list: the place is that of the first of `keys` that it has.
    pub(super) fn of_item(text: &str, list: &str, index: usize, keys: &[&str], reason: String) -> Self {
        let start = keys.iter().find_map(|key| start_of(text, &format!("{list}.{index}.{key}")));
        Self::at(text, start.unwrap_or(0), reason)
    }

    /// A variable that is not set; the place is that where it is named first.
    pub(super) fn unset(text: &str, name: &str) -> Self {
        let reason = format!("the variable {name} is not set: set it in the environment");
        Self::at(text, text.find(&format!("${{{name}}}")).unwrap_or(0), reason)
    }

    /// What is wrong with the value of a key; a number in it counts tables from 0, as in `fault.2.name`.
    pub(super) fn of_key(text: &str, key: &str, why: String) -> Self {
        Self::at(text, start_of(text, key).unwrap_or(0), why)
    }

    fn at(text: &str, start: usize, reason: String) -> Self {
        let before = text.get(..start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { line, column, reason }
    }
}

/// Where a flag is named as a whole word.
fn find(said: &str, flag: &str) -> Option<usize> {
    let whole = |at: &usize| {
        !said[at + flag.len()..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == '-')
    };
    said.match_indices(flag).map(|(at, _)| at).find(whole)
}

/// Where the value of a key stands in the file; without a number that of the first table of a list that has it.
fn start_of(text: &str, key: &str) -> Option<usize> {
    let root = DeTable::parse(text).ok()?;
    in_table(root.get_ref(), &key.split('.').collect::<Vec<_>>())
}

fn in_table(table: &DeTable<'_>, keys: &[&str]) -> Option<usize> {
    let (first, rest) = keys.split_first()?;
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == first)?;
    match (rest, value.get_ref()) {
        ([], DeValue::Table(_) | DeValue::Array(_)) => Some(key.span().start),
        ([], _) => Some(value.span().start),
        (rest, DeValue::Table(table)) => in_table(table, rest),
        (rest, DeValue::Array(all)) if rest[0].parse::<usize>().is_ok() => {
            let one = all.get(rest[0].parse::<usize>().ok()?)?;
            let DeValue::Table(table) = one.get_ref() else { return None };
            in_table(table, &rest[1..])
        }
        (rest, DeValue::Array(all)) => all.iter().find_map(|one| match one.get_ref() {
            DeValue::Table(table) => in_table(table, rest),
            _ => None,
        }),
        _ => None,
    }
}

/// What the parser says, with the nearest known key beside an unknown one.
fn in_our_words(message: &str) -> String {
    let unknown = [("unknown field `", "key"), ("unknown variant `", "value")];
    let Some((rest, what)) =
        unknown.iter().find_map(|(begin, what)| Some((message.strip_prefix(begin)?, what)))
    else {
        return message.to_owned();
    };
    let mut quoted = rest.split('`').step_by(2);
    let unknown = quoted.next().unwrap_or_default();
    let known: Vec<&str> = quoted.filter(|name| !name.is_empty()).collect();
    let near = known.iter().map(|name| (strsim::normalized_damerau_levenshtein(unknown, name), name));
    let nearest = near.filter(|(likeness, _)| *likeness >= 0.5).max_by(|(a, _), (b, _)| a.total_cmp(b));
    match nearest {
        Some((_, name)) => format!("unknown {what} {unknown}: did you mean {name}?"),
        None => format!("unknown {what} {unknown}: known here are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_one_that_a_plan_file_may_have() {
        let schema = super::super::schema();
        let table = |schema: &serde_json::Value| match schema["$ref"].as_str() {
            Some(name) => super::super::schema().pointer(name.trim_start_matches('#')).cloned().unwrap(),
            None => schema.clone(),
        };
        for (flag, key) in KEYS {
            let found = key.split('.').try_fold(schema.clone(), |at, part| {
                let next = table(&at["properties"][part]);
                // A reference may be wrapped, and scenarios are a list of tables.
                let wrapped = [&next["allOf"][0], &next["anyOf"][0], &next["items"]];
                let inner = wrapped.into_iter().find(|inner| inner["$ref"].is_string()).map(table);
                (!next.is_null()).then(|| inner.unwrap_or(next))
            });
            assert!(found.is_some(), "{flag}: {key}");
        }
    }
}
