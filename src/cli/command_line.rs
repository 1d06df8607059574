//! The command as it was given, so that a report can say how to make it again.

use goose_recovery::journal::redact::redact_base_url;

/// Stands for what was taken out.
const HIDDEN: &str = "…";

/// Flags whose values may hold what nobody else may know.
const SECRETS: [&str; 3] = ["--store-stop-cmd", "--store-start-cmd", "--alert-path"];

/// The arguments of this process, quoted for a shell; of URLs no user, password or query.
pub(crate) fn own() -> String {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    of(arguments)
}

fn of(arguments: impl Iterator<Item = String>) -> String {
    let mut words = vec!["goose-recovery".to_owned()];
    let mut hide_next = false;
    for argument in arguments {
        let hidden = std::mem::replace(&mut hide_next, SECRETS.contains(&argument.as_str()));
        words.push(if hidden { HIDDEN.to_owned() } else { quoted(&redacted(&argument)) });
    }
    words.join(" ")
}

fn redacted(argument: &str) -> String {
    match argument.split_once('=') {
        Some((flag, _)) if SECRETS.contains(&flag) => format!("{flag}={HIDDEN}"),
        Some((flag, value)) if flag.starts_with("--") => format!("{flag}={}", without_secrets(value)),
        _ => without_secrets(argument),
    }
}

fn without_secrets(value: &str) -> String {
    if value.contains("://") { redact_base_url(value) } else { value.to_owned() }
}

/// As a POSIX shell takes it for one word.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%…".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arguments: &[&str], expected: &str) {
        assert_eq!(of(arguments.iter().map(|argument| (*argument).to_owned())), expected);
    }

    #[test]
    fn a_command_can_be_given_again() {
        check(
            &["run", "--users", "50", "--abort-when", "p95>2s for 10s", "--label=a=it's"],
            r"goose-recovery run --users 50 --abort-when 'p95>2s for 10s' '--label=a=it'\''s'",
        );
        check(&["run", ""], "goose-recovery run ''");
    }

    #[test]
    fn nothing_of_it_lets_a_reader_act_as_the_user() {
        check(
            &["run", "--base-url", "http://me:secret@h:8000/x?token=1", "--cache-url=redis://:secret@h/0"],
            "goose-recovery run --base-url http://h:8000/x --cache-url=redis://h/0",
        );
        check(
            &[
                "run",
                "--store-stop-cmd",
                "pw=secret stop",
                "--store-start-cmd=pw=secret start",
                "--alert-path",
                "/s3",
            ],
            "goose-recovery run --store-stop-cmd … --store-start-cmd=… --alert-path …",
        );
        // What is no URL but looks like one is hidden as a whole.
        check(&["run", "me:secret://"], "goose-recovery run …");
    }
}
