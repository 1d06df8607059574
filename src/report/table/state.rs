//! What the outages did to the state, in the terminal.

use comfy_table::CellAlignment;

use super::{BREAK, NO_BREAK, Page, cell};
use crate::analysis::Summary;
use crate::lang::Lang;
use crate::report::view::state::{StoreRowView, loss, resyncs};

impl Page {
    /// A row per store and kind of fault, when stores were hit.
    pub(super) fn stores(&self, summary: &Summary) -> Vec<String> {
        if summary.stores.is_empty() {
            return Vec::new();
        }
        let mut table =
            self.table(["store", "fault", "episodes", "resynced", "newly damaged", "spooled", "replayed"]);
        for column in 2..7 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        for row in &summary.stores {
            let StoreRowView { target, fault, episodes, resynced, newly_damaged, spooled, replayed } =
                StoreRowView::new(row, Lang::En);
            let counts = [episodes, resynced, newly_damaged, spooled, replayed];
            let counts = counts
                .map(|text| text.replace(", ", &format!(",{BREAK}")).replace("not ", &format!("not{BREAK}")));
            // A long target is broken where it names another store.
            let target = target.replace('+', &format!("{BREAK}+ "));
            table.add_row([target, fault].into_iter().chain(counts).map(|text| cell(&text)));
        }
        let lines = table.lines().map(|line| line.replace(NO_BREAK, " "));
        std::iter::once(String::new()).chain(lines).collect()
    }

    /// What is said of the session log as a whole.
    pub(super) fn session_log(&self, summary: &Summary) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(loss) = loss(summary, Lang::En) {
            lines.extend(self.item("loss     ", &format!("SessionLog loss rate {loss}")));
        }
        for (trigger, text) in resyncs(summary, Lang::En).into_iter().flatten() {
            lines.extend(self.item("resyncs  ", &format!("{trigger}: {text}")));
        }
        lines
    }
}
