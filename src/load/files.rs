//! Room for open files: every user needs sockets, and a run that hits the limit measures the limit.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Open files that the harness needs besides the users' sockets.
const OVERHEAD: u64 = 512;
/// Sockets that one user may hold at a time: one in use, one that the pool has not yet closed.
const PER_USER: u64 = 2;

/// The limit on open files is too low for the users asked for.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{users} users need {needed} open files, and {limit} are allowed: ask for at most {possible} users, \
     or raise the limit (ulimit -Hn)"
)]
pub struct TooManyUsers {
    users: u32,
    needed: u64,
    limit: u64,
    possible: u64,
}

/// Raises the soft limit on open files as far as `users` need it.
///
/// # Errors
/// [`TooManyUsers`] with the number that is possible.
pub fn make_room(users: u32) -> Result<(), TooManyUsers> {
    let limit = getrlimit(Resource::Nofile);
    let needed = check(users, limit.maximum)?;
    if limit.current.is_some_and(|current| current < needed) {
        // A failure here shows up as failed requests with their cause; the check above has passed.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(needed), maximum: limit.maximum });
    }
    Ok(())
}

/// The open files that `users` need, if `hard` allows them. `None` is no limit.
fn check(users: u32, hard: Option<u64>) -> Result<u64, TooManyUsers> {
    let needed = u64::from(users) * PER_USER + OVERHEAD;
    match hard {
        Some(limit) if limit < needed => {
            Err(TooManyUsers { users, needed, limit, possible: limit.saturating_sub(OVERHEAD) / PER_USER })
        }
        _ => Ok(needed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_many_users_are_possible() {
        assert_eq!(check(50, Some(1024)), Ok(612));
        assert_eq!(check(100_000, None), Ok(200_512));
        let refused = check(1000, Some(1024)).unwrap_err();
        assert_eq!(refused.possible, 256);
        assert!(check(256, Some(1024)).is_ok(), "the number that it names must be possible");
        assert!(check(257, Some(1024)).is_err(), "and one more must not be");
    }
}
