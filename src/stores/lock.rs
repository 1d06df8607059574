//! An outage of an embedded store: a helper process holds an exclusive lock on its file.
//!
//! The helper opens the file and says `ready`; `lock` on its standard input has it take the lock and say `locked`;
//! `release` has it wipe the file's contents, if it was asked to, and let go. The end of its standard input, which
//! is also our end, lets go as well: the lock cannot outlive the harness.

use std::io::{BufRead, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::target::bundled::Launcher;

/// The helper waits so long for the lock, while the target goes on writing.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// Every answer of the helper has come by then.
const ANSWER_PATIENCE: Duration = Duration::from_secs(10);

/// The helper process, before and while it holds the lock. Dropped, it is killed, and the lock with it.
#[derive(Debug)]
pub struct Lock {
    child: Child,
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Lock {
    /// Starts the helper and has it open `file`.
    ///
    /// # Errors
    /// Why it does not start.
    pub async fn prepare(tool: &Launcher, file: &Path, wipe: bool) -> Result<Self, String> {
        let mut command = Command::new(&tool.program);
        command.args(&tool.arguments).arg(file).args(wipe.then_some("--wipe"));
        // Its own group: a Ctrl-C in a terminal is ours, and we release the lock then.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0).kill_on_drop(true);
        let failed =
            |error: std::io::Error| format!("cannot start the helper that locks {}: {error}", file.display());
        let mut child = command.spawn().map_err(failed)?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the helper that locks the store has no pipes".to_owned());
        };
        let mut lock = Self { child, stdin, stdout: BufReader::new(stdout).lines() };
        lock.expect("ready").await?;
        Ok(lock)
    }

    /// Takes the lock.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn take(&mut self) -> Result<(), String> {
        self.say("lock\n").await?;
        self.expect("locked").await
    }

    /// Lets go of the lock, and waits for the helper's end.
    ///
    /// # Errors
    /// When the helper does not end well; the lock is gone even then.
    pub async fn release(mut self) -> Result<(), String> {
        self.say("release\n").await?;
        self.expect("released").await?;
        match tokio::time::timeout(ANSWER_PATIENCE, self.child.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(format!("the helper that locks the store ended with {status}")),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("the helper that locks the store does not end".to_owned()),
        }
    }

    async fn say(&mut self, word: &str) -> Result<(), String> {
        let said = self.stdin.write_all(word.as_bytes()).await;
        said.map_err(|error| format!("the helper that locks the store is gone: {error}"))
    }

    async fn expect(&mut self, word: &str) -> Result<(), String> {
        match tokio::time::timeout(ANSWER_PATIENCE, self.stdout.next_line()).await {
            Ok(Ok(Some(line))) if line == word => Ok(()),
            Ok(Ok(Some(line))) => Err(line),
            Ok(Ok(None)) => Err("the helper that locks the store has ended".to_owned()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("the helper that locks the store did not say `{word}` in time")),
        }
    }
}

/// The helper: holds `file` as it is told on standard input, and answers on standard output.
///
/// # Errors
/// What SQLite or the pipes say; the lock is gone then.
pub fn hold(file: &Path, wipe: bool) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(file).busy_timeout(LOCK_PATIENCE);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        answer("ready")?;
        while let Some(word) = next_word()? {
            match word.as_str() {
                "lock" => match sqlx::query("BEGIN EXCLUSIVE").execute(&mut connection).await {
                    Ok(_) => answer("locked")?,
                    Err(error) => answer(&format!("cannot lock the store's file: {error}"))?,
                },
                _ => {
                    if wipe {
                        empty(&mut connection).await?;
                    }
                    sqlx::query("COMMIT").execute(&mut connection).await?;
                    answer("released")?;
                    break;
                }
            }
        }
        // Without a `release` this rolls back: nobody asked for the wiping.
        connection.close().await?;
        Ok(())
    })
}

/// Deletes every row of every table.
async fn empty(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
        .fetch_all(&mut *connection)
        .await?;
    for table in tables {
        let quoted = table.replace('"', "\"\"");
        // A table's name cannot be bound as a value; it is quoted instead.
        sqlx::query(AssertSqlSafe(format!("DELETE FROM \"{quoted}\""))).execute(&mut *connection).await?;
    }
    Ok(())
}

fn answer(word: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{word}")?;
    out.flush()
}

fn next_word() -> std::io::Result<Option<String>> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line)?;
    Ok((read > 0).then(|| line.trim().to_owned()))
}
