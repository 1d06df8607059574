//! The command line of the backend, and the one validated configuration that it becomes.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::alert_dispatcher::Webhook;
use crate::error::BackendError;
use crate::self_healing_daemon::{Policy, Strategy};
use crate::store::{Places, StoreArgs};

/// Arguments of the backend.
#[derive(Clone, Debug, clap::Args)]
pub struct BackendArgs {
    /// Address to serve the API on. Port 0 takes a free one; the line on stdout says which. Only loopback for now
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    pub listen: SocketAddr,

    /// Folder of the embedded stores (sessions.db, cache.db), of what waits for the database and of the alerts' outbox,
    /// made when missing; one backend at a time may use it
    /// [default: fault-recovery-manager in $XDG_STATE_HOME, else in ~/.local/state]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Send every alert to this address as a JSON POST; give it again for further receivers
    #[arg(long = "alert-webhook", value_name = "URL")]
    pub alert_webhooks: Vec<Webhook>,

    /// Where sessions are kept.
    #[command(flatten)]
    pub stores: StoreArgs,

    /// When and how modules are restarted.
    #[command(flatten)]
    pub policy: PolicyArgs,

    /// End when this process, which must be our parent, ends.
    #[arg(long, value_name = "PID", hide = true)]
    pub die_with_parent: Option<u32>,
}

/// The restart policy on the command line. Durations are written like 100ms, 5s or 1m 30s.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Recovery policy")]
pub struct PolicyArgs {
    /// Restarts that may follow the first failure of a streak; the failure after the last one gives the module up
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub max_retries: u32,
    /// The consecutive failure at which the critical alert goes out; at most max-retries + 1
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub alert_after: u32,
    /// Delay before the second restart of a streak; the first restart is immediate
    #[arg(long, value_name = "DURATION", default_value = "100ms", value_parser = humantime::parse_duration)]
    pub backoff_initial: Duration,
    /// What each further delay is multiplied by, from 1 to 100
    #[arg(long, value_name = "FACTOR", default_value_t = 2.0)]
    pub backoff_factor: f64,
    /// The longest delay
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = humantime::parse_duration)]
    pub backoff_max: Duration,
    /// Draw each delay from plus or minus this share of itself, from 0 to below 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.2)]
    pub jitter: f64,
    /// A module that was ready for this long begins a new streak when it fails
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = humantime::parse_duration)]
    pub stable_after: Duration,
    /// How often a sign of life is expected of each module, at least 100ms
    #[arg(long, value_name = "DURATION", default_value = "200ms", value_parser = humantime::parse_duration)]
    pub heartbeat: Duration,
    /// Heartbeats in a row without a sign of life after which a module counts as hung and is killed
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub heartbeat_misses: u32,
    /// A module that is not ready this long after its start is killed; that counts as a failure
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = humantime::parse_duration)]
    pub start_timeout: Duration,
    /// What happens to the modules that depend on a failed one
    #[arg(long, value_enum, default_value_t = Strategy::RestForOne)]
    pub strategy: Strategy,
}

impl From<&PolicyArgs> for Policy {
    fn from(args: &PolicyArgs) -> Self {
        Self {
            max_retries: args.max_retries,
            alert_after: args.alert_after,
            backoff_initial: args.backoff_initial,
            backoff_factor: args.backoff_factor,
            backoff_max: args.backoff_max,
            jitter: args.jitter,
            stable_after: args.stable_after,
            heartbeat: args.heartbeat,
            heartbeat_misses: args.heartbeat_misses,
            start_timeout: args.start_timeout,
            strategy: args.strategy,
        }
    }
}

/// The configuration, validated once; nothing deeper sees the command line.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) listen: SocketAddr,
    pub(crate) data_dir: PathBuf,
    pub(crate) webhooks: Vec<Webhook>,
    /// As they were given, for the modules.
    pub(crate) stores: StoreArgs,
    pub(crate) places: Places,
    pub(crate) policy: Policy,
}

impl TryFrom<&BackendArgs> for Config {
    type Error = BackendError;

    fn try_from(args: &BackendArgs) -> Result<Self, BackendError> {
        if !args.listen.ip().is_loopback() {
            return Err(BackendError::NotLoopback(args.listen));
        }
        let policy = Policy::from(&args.policy);
        policy.validate()?;
        let places = Places::try_from(&args.stores)?;
        let data_dir = args.data_dir.clone().or_else(default_data_dir).ok_or(BackendError::NoDataDir)?;
        let mut webhooks: Vec<Webhook> = Vec::new();
        for webhook in &args.alert_webhooks {
            // The same receiver twice would get every alert twice.
            if !webhooks.contains(webhook) {
                webhooks.push(webhook.clone());
            }
        }
        let stores = args.stores.clone();
        Ok(Self { listen: args.listen, data_dir, webhooks, stores, places, policy })
    }
}

fn default_data_dir() -> Option<PathBuf> {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state =
        absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")))?;
    Some(state.join("fault-recovery-manager"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        args: BackendArgs,
    }

    fn config(flags: &[&str]) -> Result<Config, String> {
        let cli = Cli::try_parse_from([&["backend"], flags].concat()).map_err(|error| error.to_string())?;
        Config::try_from(&cli.args).map_err(|error| error.to_string())
    }

    #[test]
    fn the_defaults_on_the_command_line_are_the_defaults_of_the_policy() {
        assert_eq!(config(&["--data-dir", "/x"]).unwrap().policy, Policy::default());
    }

    #[test]
    fn refuses_an_alert_that_could_never_fire_and_an_open_address() {
        let error = config(&["--max-retries", "1"]).unwrap_err();
        assert!(error.contains("alert-after must be from 1 to max-retries + 1 = 2"), "{error}");
        let error = config(&["--listen", "0.0.0.0:8000"]).unwrap_err();
        assert!(error.contains("loopback"), "{error}");
        assert!(config(&["--heartbeat", "soon"]).unwrap_err().contains("--heartbeat"));
    }

    #[test]
    fn a_webhook_given_twice_is_one_webhook() {
        let flags = ["--alert-webhook", "http://h/a", "--alert-webhook", "http://h/a", "--data-dir", "/x"];
        assert_eq!(config(&flags).unwrap().webhooks.len(), 1);
    }
}
