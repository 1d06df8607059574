//! Alerts as messages for people: what is posted to Slack's incoming webhooks, and to those that imitate them (Mattermost,
//! Rocket.Chat, Discord's `/slack`).
//!
//! A message has text, blocks of text, and attachments with a colour, a title and fields. What kind of alert it is, which module it
//! is about and how bad it is stand in fields of such a title, or in words that the plan's own regular expression names.

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use super::cut;
use crate::journal::event::AlertReceived;

/// The kind of a message that does not say it.
const MESSAGE: &str = "message";

/// How the words of a message are read: a regular expression with groups named `kind`, `module` and `severity`, or some of them.
#[derive(Debug, Clone, Default)]
pub struct TextRule(pub Option<Regex>);

/// The message, as far as it is read.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    #[serde(default)]
    text: String,
    #[serde(default)]
    attachments: Vec<Attachment>,
    #[serde(default)]
    blocks: Vec<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Attachment {
    color: Option<String>,
    title: Option<String>,
    text: Option<String>,
    fallback: Option<String>,
    fields: Vec<Field>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Field {
    title: String,
    value: Value,
}

impl TextRule {
    /// What the group `name` of the rule matches in `text`.
    fn named(&self, name: &str, text: &str) -> Option<String> {
        let found = self.0.as_ref()?.captures(text)?.name(name)?;
        Some(found.as_str().to_owned())
    }
}

impl Message {
    /// Whether a JSON object looks like one.
    pub(super) fn is_like(payload: &Value) -> bool {
        ["text", "attachments", "blocks"].iter().any(|key| payload.get(key).is_some())
    }

    /// The alert that it is. A message has no id, so each that arrives is one of its own: `key` tells them apart.
    pub(super) fn alert(self, rule: &TextRule, key: String) -> AlertReceived {
        let text = self.words().join("\n");
        let said = |name: &str, titles: &[&str]| rule.named(name, &text).or_else(|| self.field(titles));
        let severity = said("severity", &["severity", "level", "priority"]);
        AlertReceived {
            id: key.clone(),
            key,
            severity: severity_of(&severity.unwrap_or_default(), self.colour()).to_owned(),
            kind: cut(
                said("kind", &["kind", "alertname", "alert", "event"]).unwrap_or_else(|| MESSAGE.to_owned())
            ),
            module: cut(said("module", &["module", "service", "component", "instance"]).unwrap_or_default()),
            message: cut(text.clone()),
            raised_at: None,
        }
    }

    /// Everything that people read, in order.
    fn words(&self) -> Vec<String> {
        let mut words = vec![self.text.clone()];
        self.blocks.iter().for_each(|block| texts_in(block, &mut words));
        for attachment in &self.attachments {
            let parts = [&attachment.title, &attachment.text].into_iter().flatten();
            words.extend(parts.cloned());
            if attachment.title.is_none() && attachment.text.is_none() {
                words.extend(attachment.fallback.clone());
            }
            words.extend(
                attachment.fields.iter().map(|field| format!("{}: {}", field.title, shown(&field.value))),
            );
        }
        words.retain(|word| !word.is_empty());
        words
    }

    fn field(&self, titles: &[&str]) -> Option<String> {
        let fields = || self.attachments.iter().flat_map(|attachment| &attachment.fields);
        let named = |title: &&str| fields().find(|field| field.title.trim().eq_ignore_ascii_case(title));
        titles.iter().find_map(named).map(|field| shown(&field.value))
    }

    fn colour(&self) -> &str {
        self.attachments.iter().find_map(|attachment| attachment.color.as_deref()).unwrap_or_default()
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The values of `text` in a block: Slack's blocks nest, and most of them say what they say there.
fn texts_in(block: &Value, words: &mut Vec<String>) {
    match block {
        Value::Object(of) => {
            for (key, value) in of {
                match value {
                    Value::String(text) if key == "text" => words.push(text.clone()),
                    other => texts_in(other, words),
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|one| texts_in(one, words)),
        _ => {}
    }
}

/// The severity in our words. Slack's colours have names of their own; a message that says neither is a warning: somebody is to
/// read it.
fn severity_of(said: &str, colour: &str) -> &'static str {
    match (said.trim().to_ascii_lowercase().as_str(), colour) {
        ("info" | "ok" | "resolved" | "notice", _) => "info",
        ("critical" | "error" | "fatal" | "page" | "emergency" | "high", _) => "critical",
        ("", "good") => "info",
        ("", "danger") => "critical",
        _ => "warning",
    }
}
