//! Makes a journal of any size, for `report` and whoever wants to try it on something big:
//! `cargo bench --bench make_journal -- --requests 5000000 --episodes 24 --out FILE`.

mod common;

use std::io::Write;
use std::path::PathBuf;

use clap::Parser;

/// Makes the journal of a run that has never been: the same arguments give the same bytes
#[derive(Debug, Parser)]
struct Arguments {
    /// Requests of users
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    requests: u64,
    /// Faults: a third kills of modules, a third outages of stores, a third in chains
    #[arg(long, value_name = "N", default_value_t = 24)]
    episodes: u32,
    /// Seed of every random draw
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// No fault takes effect
    #[arg(long)]
    void: bool,
    /// The journal; one that is there is overwritten
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What cargo says to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> std::io::Result<()> {
    let Arguments { requests, episodes, seed, void, out, .. } = Arguments::parse();
    let mut stderr = std::io::stderr();
    let Some(out) = out else {
        // All benches are run at once: nobody asked for a journal.
        return writeln!(stderr, "no journal is made without --out FILE");
    };
    let lines = common::Shape { seed, void, ..common::Shape::new(requests, episodes) }.write(&out)?;
    writeln!(stderr, "{lines} lines in {}", out.display())
}
