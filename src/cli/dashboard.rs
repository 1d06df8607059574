//! `goose-recovery dashboard`: the page, served until somebody ends it; and the same beside a run.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use clap::{Args, ValueHint};
use goose_recovery::dashboard::{Dashboard, Host, Settings, TOKEN_VARIABLE, Token, TokenError};
use goose_recovery::lang::Lang;
use goose_recovery::plan::Secret;

use super::exit::Exit;
use super::output::Language;

/// Where it is served, when nobody says.
const LISTEN: &str = "127.0.0.1:8090";

#[derive(Debug, Args)]
#[command(after_long_help = "\
Nothing can be changed by it: it reads the journal and the folder of reports. It speaks HTTP without TLS, so in a network that is not
yours alone put a proxy with TLS in front of it, and name that by --allow-host.

Examples:
  goose-recovery dashboard
      the last run of logs/r_v0_2_1_poc.jsonl, live, and all reports below reports/, at http://127.0.0.1:8090
  goose-recovery dashboard --listen 127.0.0.1:0 --open
      on any port that is free, in the browser at once
  goose-recovery dashboard --log ci/journal.jsonl --reports ci --lang ja
      of another folder, in Japanese
  GOOSE_RECOVERY_DASHBOARD_TOKEN=$(openssl rand -hex 32) goose-recovery dashboard --listen 0.0.0.0:8090
      for others too, who open it once with ?token=... at the end of the address")]
pub(crate) struct DashboardArgs {
    /// Where the page is served; port 0 takes a free one. Other machines can reach an address that is not loopback, so that one
    /// needs a token
    #[arg(long, value_name = "ADDR", default_value = LISTEN)]
    listen: SocketAddr,
    /// The folder whose reports are listed, up to eight folders deep
    #[arg(long, value_name = "DIR", default_value = "reports", value_hint = ValueHint::DirPath)]
    reports: PathBuf,
    /// The journal whose last run is shown live; it may come later
    #[arg(long, value_name = "FILE", default_value = "logs/r_v0_2_1_poc.jsonl", value_hint = ValueHint::FilePath)]
    log: PathBuf,
    /// Language of the page
    #[arg(long, value_enum, value_name = "LANG", default_value_t = Language::En)]
    lang: Language,
    /// Who looks must show this: a browser once by ?token=TOKEN, a program by `Authorization: Bearer TOKEN`. Better set the variable:
    /// other users of the machine can read the arguments of a process
    #[arg(long, value_name = "TOKEN", env = TOKEN_VARIABLE, hide_env_values = true, value_parser = secret)]
    token: Option<Secret>,
    /// A name by which the page is called, besides addresses; repeatable. Requests to any other name are refused, so that no site can
    /// reach the page through a visitor's browser
    #[arg(long = "allow-host", value_name = "NAME")]
    hosts: Vec<Host>,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
}

/// Taken as it is: what is wrong with it is told without repeating it, which clap would do.
fn secret(text: &str) -> Result<Secret, std::convert::Infallible> {
    Ok(Secret::new(text.to_owned()))
}

impl DashboardArgs {
    pub(crate) fn execute(self) -> anyhow::Result<Exit> {
        // First, so that nobody who is told the address ends it in a disorderly way.
        let (end, ended) = mpsc::channel();
        ctrlc::set_handler(move || {
            let _ = end.send(());
        })?;
        let dashboard = start(
            Settings {
                listen: self.listen,
                reports: self.reports,
                journal: self.log,
                lang: self.lang.into(),
                token: token(self.token.as_ref())?,
                hosts: self.hosts,
            },
            self.open,
        )?;
        // The handler, which has the other end, lives as long as the process.
        let _ = ended.recv();
        dashboard.finish();
        Ok(Exit::Pass)
    }
}

/// The dashboard of a run.
#[derive(Debug, Args)]
#[command(next_help_heading = "Dashboard")]
pub(crate) struct RunDashboard {
    /// Show the run live on a page, served on ADDR as long as the run goes on [default: 127.0.0.1:8090]. The address is printed; port 0
    /// takes a free one. An address that is not loopback needs a token in GOOSE_RECOVERY_DASHBOARD_TOKEN
    #[arg(long, value_name = "ADDR", num_args = 0..=1, default_missing_value = LISTEN)]
    dashboard: Option<SocketAddr>,
    /// A name by which that page is called, besides addresses; repeatable
    #[arg(long = "allow-host", value_name = "NAME", requires = "dashboard")]
    hosts: Vec<Host>,
    /// Open that page in the browser
    #[arg(long, requires = "dashboard")]
    open: bool,
}

impl RunDashboard {
    /// Starts it, if it is asked for.
    pub(crate) fn start(
        &self,
        journal: &Path,
        reports: PathBuf,
        lang: Lang,
    ) -> anyhow::Result<Option<Dashboard>> {
        let Some(listen) = self.dashboard else { return Ok(None) };
        let token = std::env::var(TOKEN_VARIABLE).ok().map(Secret::new);
        let token = self::token(token.as_ref())?;
        let journal = journal.to_owned();
        start(Settings { listen, reports, journal, lang, token, hosts: self.hosts.clone() }, self.open)
            .map(Some)
    }
}

/// An empty variable is none.
fn token(secret: Option<&Secret>) -> Result<Option<Token>, TokenError> {
    secret.map(Secret::expose).filter(|text| !text.is_empty()).map(Token::new).transpose()
}

/// Serves, and says where.
fn start(settings: Settings, open: bool) -> anyhow::Result<Dashboard> {
    let with_token = settings.token.is_some();
    let dashboard = Dashboard::start(settings)?;
    let (url, address) = (dashboard.url(), dashboard.address());
    // The page is there even where nobody can be told.
    let tell = |line: String| {
        let _ = writeln!(std::io::stderr(), "dashboard: {line}");
    };
    tell(format!("{url}{}", if with_token { " (open it once with ?token=... at its end)" } else { "" }));
    if address.ip().is_unspecified() {
        tell(format!("port {} of every address of this machine", address.port()));
    }
    // The token stays out of it: other users can read the arguments of a browser as well.
    if open && let Err(error) = open::that_detached(&url) {
        tell(format!("the browser cannot be opened: {error}"));
    }
    Ok(dashboard)
}
