//! The plan of a run whose load is somebody else's: flags, builder and plan file become one.

use std::path::Path;

use super::{RecoveryError, RecoveryFlags};
use crate::plan::{CustomKpi, Loaded, Options, Plan, ScenarioKind, System};
use crate::target::{HealthCheck, HttpCheck};

/// What the builder says beside the flags.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// The target's URL.
    pub(super) target: Option<String>,
    pub(super) health: Option<HealthCheck>,
    pub(super) plan: Option<std::path::PathBuf>,
    pub(super) system: System,
    /// KPIs that are an expression.
    pub(super) kpis: Vec<CustomKpi>,
}

/// The plan; what the command line says wins over the builder, and the builder over the plan file.
pub(super) fn plan(
    flags: &RecoveryFlags,
    declared: Declared,
    host: Option<&str>,
    users: u32,
) -> Result<Plan, RecoveryError> {
    let path = flags.plan.clone().or(declared.plan);
    let file = Loaded::named(path.as_deref())?;
    let from_file = file.as_ref().map(Loaded::options).transpose()?.unwrap_or_default();
    if !from_file.system.requests.is_empty() {
        return Err(RecoveryError::TwoLoads(path.unwrap_or_default()));
    }
    let mut options = flags.options().over(from_file);
    options.base_url = host.map(str::to_owned).or(declared.target).or(options.base_url);
    if options.base_url.is_none() {
        return Err(RecoveryError::NoTarget);
    }
    options.users = Some(users);
    options.system.faults.extend(declared.system.faults);
    options.kpis.extend(declared.kpis);
    if options.scenarios.is_empty() && options.system.faults.is_empty() {
        return Err(RecoveryError::NoFault);
    }
    if let Some(canary) = flags.canary.clone().or(declared.system.canary) {
        options.system.canary = Some(canary);
    }
    let health = flags.health.as_deref().map(page).or(declared.health);
    see_health(&mut options, health);
    Ok(Plan::explained(options, file.as_ref(), rand::random::<u32>().into())?)
}

/// Without a word on its health, a target is well when it answers its canaries. R-v0.2's page is only for what needs it.
fn see_health(options: &mut Options, health: Option<HealthCheck>) {
    let by_modules = options.scenarios.iter().any(|scenario| scenario.kind != ScenarioKind::Faults);
    if let Some(health) = health {
        options.system.health = health;
    } else if options.system.health == HealthCheck::Page && !by_modules {
        let canary = options.system.canary.as_deref().unwrap_or("/");
        options.system.health = page(canary);
    }
}

/// A page that answers 2xx when the target is well.
pub(super) fn page(path: &str) -> HealthCheck {
    let path = if Path::new(path).has_root() { path.to_owned() } else { format!("/{path}") };
    HealthCheck::Http(HttpCheck { path, status: None, pointer: None, values: Vec::new(), matches: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::TargetPlan;
    use crate::plugin::{CustomFault, FaultResult, RecoveryFault};

    struct Idle;

    impl CustomFault for Idle {
        async fn inject(&mut self) -> FaultResult {
            Ok(())
        }
        async fn revert(&mut self) -> FaultResult {
            Ok(())
        }
    }

    fn declared() -> Declared {
        let mut declared = Declared { target: Some("http://builder:1".to_owned()), ..Declared::default() };
        declared.system.faults.push(std::sync::Arc::new(RecoveryFault::new("own", Idle)));
        declared
    }

    fn file(text: &str) -> (tempfile::TempDir, RecoveryFlags) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.toml");
        std::fs::write(&path, text).unwrap();
        (folder, RecoveryFlags { plan: Some(path), ..RecoveryFlags::default() })
    }

    fn host(plan: &Plan) -> String {
        match &plan.target {
            TargetPlan::External { base_url, .. } => base_url.host_str().unwrap().to_owned(),
            TargetPlan::Bundled { .. } => "bundled".to_owned(),
        }
    }

    #[test]
    fn the_command_line_wins_over_the_builder_and_that_over_the_file() {
        let (_folder, flags) = file("[target]\nbase_url = 'http://file:1'\n[steady_state]\nhold = '7s'\n");
        let plan = |flags: &RecoveryFlags, declared, host| super::plan(flags, declared, host, 9).unwrap();
        assert_eq!(host(&plan(&flags, declared(), Some("http://flag:1"))), "flag");
        let both = plan(&flags, declared(), None);
        assert_eq!((host(&both).as_str(), both.hold.as_secs(), both.users), ("builder", 7, 9));
        let of_file = Declared { target: None, ..declared() };
        assert_eq!(host(&plan(&flags, of_file, None)), "file");
        assert_eq!(both.scenarios[0].declared, ["own"]);
    }

    #[test]
    fn what_is_missing_is_said() {
        let none = RecoveryFlags::default();
        let refused = |declared| super::plan(&none, declared, None, 1).unwrap_err().to_string();
        assert!(refused(Declared { target: None, ..declared() }).contains("--host"));
        assert!(refused(Declared { system: System::default(), ..declared() }).contains("register a fault"));
        let (_folder, flags) = file("[[load.request]]\npath = '/'\n");
        let two = super::plan(&flags, declared(), None, 1).unwrap_err().to_string();
        assert!(two.contains("[[load.request]]"), "{two}");
        // What is wrong in a file is told with its place.
        let (_folder, flags) = file("[steady_state]\nhold = '1ms'\n");
        let wrong = super::plan(&flags, declared(), None, 1).unwrap_err().to_string();
        assert!(wrong.contains("plan.toml:2:"), "{wrong}");
    }

    #[test]
    fn a_target_of_which_nothing_is_known_is_well_when_its_canaries_are() {
        let none = RecoveryFlags::default();
        let plan = |flags: &RecoveryFlags, declared| super::plan(flags, declared, None, 1).unwrap().system;
        assert_eq!(plan(&none, declared()).health.path(), Some("/"));
        let mut canary = declared();
        canary.system.canary = Some("/shop".to_owned());
        assert_eq!(plan(&none, canary).health.path(), Some("/shop"));
        let flags = RecoveryFlags { health: Some("up".to_owned()), ..RecoveryFlags::default() };
        assert_eq!(plan(&flags, declared()).health.path(), Some("/up"));
        let own = Declared { health: Some(HealthCheck::Page), ..declared() };
        assert_eq!(plan(&none, own).health, HealthCheck::Page);
    }
}
