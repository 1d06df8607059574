//! PURE: what a command prints may repeat a secret that it was given by a variable.

/// A value shorter than this is hidden nowhere: it would be found in the middle of words.
const SHORTEST: usize = 4;

/// `said` with `${NAME}` instead of the value of each variable that `command` names.
pub(super) fn values_of(command: &str, said: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut values: Vec<_> = names(command)
        .filter_map(|name| Some((value(name)?, name)))
        .filter(|(value, _)| value.len() >= SHORTEST)
        .collect();
    // One that contains another first, so that nothing of it is left over.
    values.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    values
        .into_iter()
        .fold(said.to_owned(), |said, (value, name)| said.replace(&value, &format!("${{{name}}}")))
}

/// The names behind each `$` and `${`.
fn names(command: &str) -> impl Iterator<Item = &str> {
    command.split('$').skip(1).filter_map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        (end > 0).then(|| &rest[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(command: &str, said: &str, expected: &str) {
        let value = |name: &str| match name {
            "TOKEN" => Some("s3cret".to_owned()),
            "LONGER" => Some("s3cret-and-more".to_owned()),
            "N" => Some("1".to_owned()),
            _ => None,
        };
        assert_eq!(values_of(command, said, value), expected);
    }

    #[test]
    fn values_of_named_variables_are_hidden() {
        check("curl -H \"x: $TOKEN\"", "401 for s3cret", "401 for ${TOKEN}");
        check("use ${LONGER} $TOKEN", "s3cret-and-more, s3cret", "${LONGER}, ${TOKEN}");
        check("use ${TOKEN:-none}", "s3cret!", "${TOKEN}!");
        check("true", "s3cret", "s3cret");
        check("kill -$N $$ $(cat pid) $UNSET $", "1 process 12", "1 process 12");
    }
}
