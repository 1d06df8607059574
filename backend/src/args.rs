//! The command line of the backend, and the one validated configuration that it becomes.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::alert_dispatcher::Webhook;
use crate::error::BackendError;
use crate::guard::{Guard, HostName};
use crate::policy_args::PolicyArgs;
use crate::self_healing_daemon::Policy;
use crate::store::{Places, StoreArgs};
use crate::token::Token;

/// Arguments of the backend.
#[derive(Clone, Debug, clap::Args)]
pub struct BackendArgs {
    /// Address to serve the API on. Port 0 takes a free one; the line on stdout says which. An address that is not
    /// loopback needs a token in the environment variable FAULT_RECOVERY_TOKEN, which changing calls must then show
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    pub listen: SocketAddr,

    /// A name or address by which clients call the API, beside loopback and the address that it listens on; give it again
    /// for further names. Changing calls under any other name are refused
    #[arg(long = "allow-host", value_name = "NAME")]
    pub allowed_hosts: Vec<HostName>,

    /// Folder of the embedded stores (sessions.db, cache.db), of what waits for the database and of the alerts' outbox,
    /// made when missing; one backend at a time may use it
    /// [default: fault-recovery-manager in $XDG_STATE_HOME, else in ~/.local/state]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Send every alert to this address as a JSON POST; give it again for further receivers. With alertmanager+ in front
    /// (alertmanager+http://…), the body is what Alertmanager sends to its webhook receivers
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

/// The configuration, validated once; nothing deeper sees the command line.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) listen: SocketAddr,
    pub(crate) guard: Guard,
    /// The one that the guard asks for.
    pub(crate) token: Option<Token>,
    pub(crate) data_dir: PathBuf,
    pub(crate) webhooks: Vec<Webhook>,
    /// As they were given, for the modules.
    pub(crate) stores: StoreArgs,
    pub(crate) places: Places,
    pub(crate) policy: Policy,
}

impl Config {
    /// `token` is what the environment holds.
    pub(crate) fn new(args: &BackendArgs, token: Option<Token>) -> Result<Self, BackendError> {
        if !args.listen.ip().is_loopback() && token.is_none() {
            return Err(BackendError::NoToken(args.listen));
        }
        let mut hosts = args.allowed_hosts.clone();
        hosts.push(args.listen.ip().into());
        let guard = Guard::new(hosts, token.clone());
        let policy = args.policy.resolve()?;
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
        Ok(Self { listen: args.listen, guard, token, data_dir, webhooks, stores, places, policy })
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

    fn config_with(flags: &[&str], token: &str) -> Result<Config, String> {
        let cli = Cli::try_parse_from([&["backend"], flags].concat()).map_err(|error| error.to_string())?;
        let token = Token::from_variable(Some(token.into())).map_err(|error| error.to_string())?;
        Config::new(&cli.args, token).map_err(|error| error.to_string())
    }

    fn config(flags: &[&str]) -> Result<Config, String> {
        config_with(flags, "")
    }

    #[test]
    fn the_defaults_on_the_command_line_are_the_defaults_of_the_policy() {
        assert_eq!(config(&["--data-dir", "/x"]).unwrap().policy, Policy::default());
    }

    #[test]
    fn refuses_an_alert_that_could_never_fire() {
        let error = config(&["--max-retries", "1"]).unwrap_err();
        assert!(error.contains("alert-after must be from 1 to max-retries + 1 = 2"), "{error}");
    }

    #[test]
    fn an_open_address_needs_a_token() {
        for address in ["0.0.0.0:8000", "[::]:8000", "192.0.2.1:8000"] {
            let flags = ["--listen", address, "--data-dir", "/x"];
            let error = config(&flags).unwrap_err();
            assert!(error.contains("FAULT_RECOVERY_TOKEN"), "{error}");
            assert!(config_with(&flags, "s3cret").is_ok(), "{address}");
        }
        let shown = format!("{:?}", config_with(&["--data-dir", "/x"], "s3cret").unwrap());
        assert!(!shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn a_webhook_given_twice_is_one_webhook() {
        let flags = ["--alert-webhook", "http://h/a", "--alert-webhook", "http://h/a", "--data-dir", "/x"];
        assert_eq!(config(&flags).unwrap().webhooks.len(), 1);
    }
}
