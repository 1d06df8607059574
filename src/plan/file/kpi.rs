//! `[[kpi]]` of a plan file.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};

use super::Problem;
use crate::plan::{CustomKpi, KpiExpression};

/// `[[kpi]]`: every scenario is judged on it besides its own KPIs.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KpiTable {
    /// What reports call it; by its figure and phase when it has no name.
    pub name: Option<String>,
    /// What must hold, such as `p95 during episodes < 2s`.
    pub expect: KpiExpression,
}

impl<'de> Deserialize<'de> for KpiExpression {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for KpiExpression {
    fn schema_name() -> Cow<'static, str> {
        "KpiExpression".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A figure, a phase unless all of the scenario is meant, and a pass line: \
                            `p95 during episodes < 2s`, `error_rate after recovery < 0.1%`, `availability > 99.9%`, \
                            `throughput recovering >= 100/s`.",
            "type": "string",
            "pattern": "^ *(p50|p90|p95|p99|max|mean|error_rate|availability|throughput)\
                        ( +(before|during( +episodes)?|recovering|after( +recovery)?))? *(<|<=|>=|>|=|≤|≥) *[0-9.]+ ?[a-z/%]*$",
        })
    }
}

/// The KPIs of the file whose text is `text`.
pub(super) fn kpis(tables: Vec<KpiTable>, text: &str) -> Result<Vec<CustomKpi>, Problem> {
    let kpis: Vec<_> =
        tables.into_iter().map(|KpiTable { name, expect }| CustomKpi { name, expect }).collect();
    CustomKpi::check(&kpis)
        .map_err(|error| Problem::of_item(text, "kpi", error.index, &["name", "expect"], error.why))?;
    Ok(kpis)
}
