//! Where the stores are: files in the data folder, or servers that URLs name.
//!
//! A URL may hold a password, so no text of one is ever shown: not by `Debug`, not in an error, and what a driver says
//! about a server passes through [`Secrets`] first.

use std::str::FromStr as _;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use redis::IntoConnectionInfo as _;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

/// The flag and the environment variable of the database's URL.
const DATABASE_FLAG: &str = "--database-url";
pub(crate) const DATABASE_VARIABLE: &str = "FAULT_RECOVERY_DATABASE_URL";
/// The flag and the environment variable of the cache's URL.
const CACHE_FLAG: &str = "--cache-url";
pub(crate) const CACHE_VARIABLE: &str = "FAULT_RECOVERY_CACHE_URL";

/// Shorter, and a busy disk passes for an outage; longer, and callers give up before a store does.
const SHORTEST_TIMEOUT: Duration = Duration::from_millis(100);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(2);

/// What a URL of PostgreSQL may say behind its question mark. The driver writes others, with their values, to the log.
const PARAMETERS: [&str; 9] =
    ["application_name", "dbname", "host", "hostaddr", "options", "password", "port", "sslmode", "user"];

/// Where the backend keeps sessions, on the command line.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Stores")]
pub struct StoreArgs {
    /// PostgreSQL database of the sessions: postgres://USER:PASSWORD@HOST:PORT/NAME. Its tables get a schema of their
    /// own, fault_recovery_manager. A password is better kept in the environment, which other users cannot see
    /// [default: the file sessions.db in the data folder]
    #[arg(long, value_name = "URL", env = DATABASE_VARIABLE, hide_env_values = true)]
    pub database_url: Option<StoreUrl>,
    /// Redis with the sessions' hot state: redis://USER:PASSWORD@HOST:PORT/NUMBER. Its keys begin with
    /// fault-recovery-manager: and none of them may be evicted [default: the file cache.db in the data folder]
    #[arg(long, value_name = "URL", env = CACHE_VARIABLE, hide_env_values = true)]
    pub cache_url: Option<StoreUrl>,
    /// A store that does not answer within this time is down, from 100ms to 2s
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = humantime::parse_duration)]
    pub store_timeout: Duration,
}

/// A store's URL as it was given.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreUrl(String);

impl From<String> for StoreUrl {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for StoreUrl {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("StoreUrl(…)")
    }
}

impl StoreUrl {
    /// For a module's environment, and for nothing else.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// Why stores cannot be where the command line wants them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreArgsError {
    /// A URL that names no server.
    #[error("{flag} (or {variable}): {reason}")]
    Url {
        /// The flag.
        flag: &'static str,
        /// The environment variable that stands for the flag.
        variable: &'static str,
        /// What is wrong with its value, without the value.
        reason: String,
    },
    /// A time limit that makes no sense.
    #[error("--store-timeout must be from 100ms to 2s: callers of the stores wait no longer than that")]
    Timeout,
}

/// Where the database is.
#[derive(Clone, Debug)]
pub(crate) enum DatabasePlace {
    /// A file in the data folder.
    Embedded,
    Postgres(Box<PostgresPlace>),
}

/// Where the cache is.
#[derive(Clone, Debug)]
pub(crate) enum CachePlace {
    /// A file in the data folder.
    Embedded,
    Redis(Box<RedisPlace>),
}

/// A server of PostgreSQL.
#[derive(Clone)]
pub(crate) struct PostgresPlace {
    pub(super) options: PgConnectOptions,
    pub(super) secrets: Secrets,
}

/// A server of Redis.
#[derive(Clone)]
pub(crate) struct RedisPlace {
    pub(super) client: redis::Client,
    pub(super) secrets: Secrets,
}

impl std::fmt::Debug for PostgresPlace {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("PostgresPlace(…)")
    }
}

impl std::fmt::Debug for RedisPlace {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("RedisPlace(…)")
    }
}

/// Where both stores are, and how long they may take.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) database: DatabasePlace,
    pub(crate) cache: CachePlace,
    pub(crate) timeout: Duration,
}

/// What kinds of stores they are, as the health page says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StoreKinds {
    /// `sqlite` or `postgres`.
    pub(crate) database: &'static str,
    /// `sqlite` or `redis`.
    pub(crate) cache: &'static str,
}

impl Places {
    pub(crate) fn kinds(&self) -> StoreKinds {
        let database = match self.database {
            DatabasePlace::Embedded => "sqlite",
            DatabasePlace::Postgres(_) => "postgres",
        };
        let cache = match self.cache {
            CachePlace::Embedded => "sqlite",
            CachePlace::Redis(_) => "redis",
        };
        StoreKinds { database, cache }
    }
}

impl TryFrom<&StoreArgs> for Places {
    type Error = StoreArgsError;

    fn try_from(args: &StoreArgs) -> Result<Self, StoreArgsError> {
        if !(SHORTEST_TIMEOUT..=LONGEST_TIMEOUT).contains(&args.store_timeout) {
            return Err(StoreArgsError::Timeout);
        }
        // A variable that is set to nothing says nothing.
        let given = |url: &Option<StoreUrl>| url.clone().filter(|url| !url.0.is_empty());
        let database = given(&args.database_url).map(|url| postgres(&url.0)).transpose();
        let wrong = |flag, variable| move |reason| StoreArgsError::Url { flag, variable, reason };
        let database = database.map_err(wrong(DATABASE_FLAG, DATABASE_VARIABLE))?;
        let cache = given(&args.cache_url).map(|url| redis(&url.0)).transpose();
        let cache = cache.map_err(wrong(CACHE_FLAG, CACHE_VARIABLE))?;
        Ok(Self {
            database: database
                .map_or(DatabasePlace::Embedded, |place| DatabasePlace::Postgres(Box::new(place))),
            cache: cache.map_or(CachePlace::Embedded, |place| CachePlace::Redis(Box::new(place))),
            timeout: args.store_timeout,
        })
    }
}

fn postgres(text: &str) -> Result<PostgresPlace, String> {
    let url = parse(text)?;
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err("it must begin with postgres:// or postgresql://".to_owned());
    }
    for (key, _) in url.query_pairs() {
        if !PARAMETERS.contains(&&*key) {
            return Err(format!("only these parameters are known: {}", PARAMETERS.join(", ")));
        }
    }
    let secrets = Secrets::of(&url);
    let options = PgConnectOptions::from_str(text).map_err(|error| secrets.redact(&error.to_string()))?;
    match options.get_ssl_mode() {
        PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer => Ok(PostgresPlace { options, secrets }),
        PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull => Err(format!("sslmode: {NO_TLS}")),
    }
}

fn redis(text: &str) -> Result<RedisPlace, String> {
    let url = parse(text)?;
    match url.scheme() {
        "redis" => {}
        "rediss" => return Err(format!("rediss:// {NO_TLS}")),
        _ => return Err("it must begin with redis://".to_owned()),
    }
    let secrets = Secrets::of(&url);
    let client = url.into_connection_info().and_then(redis::Client::open);
    let client = client.map_err(|error| secrets.redact(&error.to_string()))?;
    Ok(RedisPlace { client, secrets })
}

const NO_TLS: &str = "needs TLS, which this program is built without: reach the server over loopback, a private network \
                      or a tunnel";

fn parse(text: &str) -> Result<Url, String> {
    // What is wrong is said without the text.
    let url = Url::parse(text).map_err(|error| format!("it is no URL: {error}"))?;
    if url.host_str().is_none_or(str::is_empty) && !url.query_pairs().any(|(key, _)| key.starts_with("host"))
    {
        return Err("it names no host".to_owned());
    }
    Ok(url)
}

/// What no text may contain.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<String>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secrets(…)")
    }
}

impl Secrets {
    fn of(url: &Url) -> Self {
        let mut secrets = Vec::new();
        if let Some(password) = url.password() {
            secrets.push(password.to_owned());
            secrets.push(percent_decode_str(password).decode_utf8_lossy().into_owned());
        }
        let asked = url.query_pairs().filter(|(key, _)| key == "password");
        secrets.extend(asked.map(|(_, value)| value.into_owned()));
        secrets.retain(|secret| !secret.is_empty());
        Self(secrets)
    }

    /// `text` without any secret: some servers repeat what they did not understand.
    pub(super) fn redact(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(database: &str, cache: &str) -> Result<Places, StoreArgsError> {
        let url = |text: &str| Some(StoreUrl::from(text.to_owned()));
        let store_timeout = Duration::from_secs(1);
        Places::try_from(&StoreArgs { database_url: url(database), cache_url: url(cache), store_timeout })
    }

    #[test]
    fn either_store_may_be_a_server() {
        for (database, cache, kinds) in [
            ("", "", ("sqlite", "sqlite")),
            ("postgres://u:p@localhost/db", "", ("postgres", "sqlite")),
            ("", "redis://:p@localhost:6380/3", ("sqlite", "redis")),
            ("postgresql:///db?host=/run/postgresql", "redis://[::1]", ("postgres", "redis")),
        ] {
            let StoreKinds { database, cache } = places(database, cache).unwrap().kinds();
            assert_eq!((database, cache), kinds);
        }
    }

    #[test]
    fn a_bad_url_names_its_flag_and_keeps_its_secret() {
        for (database, cache, wanted) in [
            ("mysql://u:geheim@h/db", "", "--database-url"),
            ("postgres://u:geheim@h:99999/db", "", "port"),
            ("postgres://u:geheim@h/db?sslmode=require", "", "needs TLS"),
            ("postgres://u:geheim@h/db?sslmode=weird", "", "--database-url"),
            ("postgres://u@h/db?pasword=geheim", "", "only these parameters"),
            ("u:geheim@h", "", "--database-url"),
            ("", "rediss://:geheim@h", "needs TLS"),
            ("", "http://:geheim@h", "--cache-url"),
            ("", "redis://:geheim@h/x", "--cache-url"),
            ("", "redis://", "--cache-url"),
        ] {
            let error = places(database, cache).unwrap_err().to_string();
            assert!(error.contains(wanted), "{database} {cache}: {error}");
            assert!(!error.contains("geheim"), "{error}");
        }
    }

    #[test]
    fn nothing_that_is_shown_has_a_password() {
        let args = StoreArgs {
            database_url: Some(StoreUrl::from("postgres://u:ge%2Fheim@h/db".to_owned())),
            cache_url: Some(StoreUrl::from("redis://u:ge%2Fheim@h".to_owned())),
            store_timeout: Duration::from_secs(1),
        };
        let places = Places::try_from(&args).unwrap();
        let shown = format!("{args:?} {places:?}");
        assert!(!shown.contains("heim"), "{shown}");
        let DatabasePlace::Postgres(place) = places.database else { unreachable!("a URL was given") };
        assert_eq!(place.secrets.redact("unknown: ge/heim, ge%2Fheim"), "unknown: ***, ***");
    }
}
