//! The persistent outbox: an alert is on disk before anybody sends it.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use sqlx::SqlitePool;

use super::alert::{Alert, AlertDraft, AlertRow};
use super::webhook::Webhook;
use crate::store::sqlite_pool;

/// How long a call waits for another process's lock, nearly.
const PATIENCE: Duration = Duration::from_secs(1);

/// Alerts kept after they were delivered; older ones are forgotten when the manager starts.
const KEPT_ALERTS: i64 = 10_000;

/// The table of alerts and the state of their deliveries, in one SQLite file.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    pool: SqlitePool,
}

/// Alerts in the outbox. An alert is pending while one of the webhooks has not taken it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub(crate) struct AlertCounts {
    pub(crate) created: i64,
    pub(crate) delivered: i64,
    pub(crate) pending: i64,
}

/// An alert with the state of its deliveries, as the API lists it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ListedAlert {
    #[serde(flatten)]
    pub(crate) alert: Alert,
    pub(crate) deliveries: Vec<Delivery>,
}

/// The state of one alert at one webhook.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Delivery {
    /// Scheme, host and port; the path may be a secret.
    webhook: String,
    /// `pending` or `delivered`.
    state: &'static str,
    attempts: i64,
    last_error: Option<String>,
}

#[derive(sqlx::FromRow)]
struct DeliveryRow {
    alert_id: i64,
    webhook: String,
    label: String,
    delivered: bool,
    attempts: i64,
    last_error: Option<String>,
}

const COLUMNS: &str = "SELECT id, idempotency_key, severity, kind, module, message, at_us FROM alerts";

impl Outbox {
    /// Opens `file`, makes it when it is missing, and forgets old delivered alerts.
    pub(crate) async fn open(file: &Path) -> Result<Self, sqlx::Error> {
        let pool = sqlite_pool(file, PATIENCE);
        sqlx::migrate!("migrations/alerts").run(&pool).await?;
        sqlx::query(
            "DELETE FROM alerts WHERE id <= (SELECT coalesce(max(id), 0) FROM alerts) - ?1 \
             AND NOT EXISTS (SELECT 1 FROM deliveries WHERE alert_id = id AND delivered = 0)",
        )
        .bind(KEPT_ALERTS)
        .execute(&pool)
        .await?;
        Ok(Self { pool })
    }

    /// Writes `drafts` with one delivery for each of `webhooks`, all or nothing, durable when it returns.
    pub(super) async fn insert(
        &self,
        drafts: &[(String, AlertDraft)],
        webhooks: &[Webhook],
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        for (key, draft) in drafts {
            let written = sqlx::query(
                "INSERT INTO alerts (idempotency_key, severity, kind, module, message, at_us) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )
            .bind(key)
            .bind(draft.kind.severity())
            .bind(draft.kind.name())
            .bind(draft.module)
            .bind(&draft.message)
            .bind(draft.at_us)
            .execute(&mut *transaction)
            .await?;
            for webhook in webhooks {
                sqlx::query(
                    "INSERT INTO deliveries (alert_id, webhook, label, module) VALUES (?1, ?2, ?3, ?4)",
                )
                .bind(written.last_insert_rowid())
                .bind(webhook.key())
                .bind(webhook.label())
                .bind(draft.module)
                .execute(&mut *transaction)
                .await?;
            }
        }
        transaction.commit().await
    }

    /// The oldest alert of `module` that `webhook` has not taken.
    pub(super) async fn oldest_pending(
        &self,
        webhook: &Webhook,
        module: &str,
    ) -> Result<Option<Alert>, sqlx::Error> {
        let row: Option<AlertRow> = sqlx::query_as(
            "SELECT id, idempotency_key, severity, kind, module, message, at_us FROM alerts WHERE id = \
             (SELECT min(alert_id) FROM deliveries WHERE webhook = ?1 AND module = ?2 AND delivered = 0)",
        )
        .bind(webhook.key())
        .bind(module)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(Alert::from))
    }

    /// The modules for which `webhook` has something to take.
    pub(super) async fn pending_modules(&self, webhook: &Webhook) -> Result<Vec<String>, sqlx::Error> {
        sqlx::query_scalar("SELECT DISTINCT module FROM deliveries WHERE webhook = ?1 AND delivered = 0")
            .bind(webhook.key())
            .fetch_all(&self.pool)
            .await
    }

    /// Notes one attempt and its outcome.
    pub(super) async fn attempted(
        &self,
        alert: i64,
        webhook: &Webhook,
        error: Option<&str>,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE deliveries SET attempts = attempts + 1, delivered = ?3, last_error = ?4 \
             WHERE alert_id = ?1 AND webhook = ?2",
        )
        .bind(alert)
        .bind(webhook.key())
        .bind(error.is_none())
        .bind(error)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// At most `limit` alerts after `after`, oldest first. Deliveries to webhooks other than `webhooks` belong to an
    /// earlier configuration: they are not sent, and say so.
    pub(super) async fn list(
        &self,
        after: i64,
        limit: u32,
        webhooks: &[Webhook],
    ) -> Result<Vec<ListedAlert>, sqlx::Error> {
        let query = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id > ?1 ORDER BY id LIMIT ?2"));
        let rows: Vec<AlertRow> = sqlx::query_as(query).bind(after).bind(limit).fetch_all(&self.pool).await?;
        let alerts: Vec<Alert> = rows.into_iter().map(Alert::from).collect();
        let last = alerts.last().map_or(after, |alert| alert.id);
        let rows: Vec<DeliveryRow> = sqlx::query_as(
            "SELECT alert_id, webhook, label, delivered, attempts, last_error FROM deliveries \
             WHERE alert_id > ?1 AND alert_id <= ?2",
        )
        .bind(after)
        .bind(last)
        .fetch_all(&self.pool)
        .await?;
        let configured: HashSet<&str> = webhooks.iter().map(Webhook::key).collect();
        let mut by_alert: BTreeMap<i64, Vec<Delivery>> = BTreeMap::new();
        for row in rows {
            let orphaned = !row.delivered && !configured.contains(row.webhook.as_str());
            by_alert.entry(row.alert_id).or_default().push(Delivery {
                webhook: row.label,
                state: if row.delivered { "delivered" } else { "pending" },
                attempts: row.attempts,
                last_error: if orphaned {
                    Some("not configured any more".to_owned())
                } else {
                    row.last_error
                },
            });
        }
        let with_deliveries = |alert: Alert| {
            let deliveries = by_alert.remove(&alert.id).unwrap_or_default();
            ListedAlert { alert, deliveries }
        };
        Ok(alerts.into_iter().map(with_deliveries).collect())
    }

    /// Counts the alerts; an alert without any webhook is neither delivered nor pending.
    pub(super) async fn counts(&self) -> Result<AlertCounts, sqlx::Error> {
        sqlx::query_as(
            "SELECT (SELECT count(*) FROM alerts) AS created, \
             (SELECT count(DISTINCT alert_id) FROM deliveries) \
             - (SELECT count(DISTINCT alert_id) FROM deliveries WHERE delivered = 0) AS delivered, \
             (SELECT count(DISTINCT alert_id) FROM deliveries WHERE delivered = 0) AS pending",
        )
        .fetch_one(&self.pool)
        .await
    }

    /// Closes the file.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}
