//! The command as it was given, so that a report can say how to make it again.

use goose_recovery::journal::redact::redact_flag;

/// Ties a run to the sweep that started it, and is no part of what was asked for.
const OF_A_SWEEP: &str = "--die-with-parent";

/// The arguments of this process, quoted for a shell; of URLs no user, password or query.
pub(crate) fn own() -> String {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    of(arguments)
}

fn of(arguments: impl Iterator<Item = String>) -> String {
    let mut words = vec!["goose-recovery".to_owned()];
    let mut flag = String::new();
    for argument in arguments {
        let before = std::mem::replace(&mut flag, argument.clone());
        match argument.split_once('=').filter(|_| argument.starts_with("--")) {
            Some((OF_A_SWEEP, _)) => {}
            Some((flag, value)) => words.push(quoted(&format!("{flag}={}", redact_flag(flag, value)))),
            None => words.push(quoted(&redact_flag(&before, &argument))),
        }
    }
    words.join(" ")
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
        check(&["run", "--die-with-parent=7", "--seed=3"], "goose-recovery run --seed=3");
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
