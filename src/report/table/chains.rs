//! The chains of faults. Pure.

use comfy_table::CellAlignment;

use super::{BREAK, NO_BREAK, Page, cell};
use crate::analysis::Summary;
use crate::lang::Lang;
use crate::report::view::chains::{self, MemberView};

/// Up to so many chains have a row each; the report has all.
const ROWS: usize = 20;

impl Page {
    /// A row per chain, with the way of each member beside that of the whole.
    pub(super) fn chains(&self, summary: &Summary) -> Vec<String> {
        let Some(sum) = chains::sum(summary, Lang::En) else { return Vec::new() };
        let mut lines = vec![String::new()];
        lines.extend(self.item("chains   ", &sum));
        let all = chains::chains(summary, Lang::En);
        let mut table = self.table([
            "chain",
            "member: ready after",
            "overlap",
            "whole system",
            "collateral",
            "dependency exits",
        ]);
        if let Some(column) = table.column_mut(0) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        for chain in all.iter().take(ROWS) {
            let members: Vec<_> = chain.members.iter().map(member).collect();
            let members =
                if members.is_empty() { "none".to_owned() } else { members.join(&format!(";{BREAK}")) };
            let cells = [
                chain.chain.to_string(),
                members,
                chain.overlapped.clone(),
                chain.recovery.clone(),
                chain.collateral.replace(' ', &BREAK.to_string()),
                chain.dependency_exits.replace(" (", &format!("{BREAK}(")),
            ];
            table.add_row(cells.map(|text| cell(&text)));
        }
        lines.extend(table.lines().map(|line| line.replace(NO_BREAK, " ")));
        if all.len() > ROWS {
            lines.push(format!("{} later chains are not shown here; the report has all", all.len() - ROWS));
        }
        lines
    }
}

/// `#2 kill analysis +300 ms: 600 ms`
fn member(member: &MemberView) -> String {
    let MemberView { id, fault, target, offset, ready, .. } = member;
    format!("#{id} {fault}{BREAK}{target}{BREAK}{offset}:{BREAK}{ready}")
}
