//! Who was away when, while faults came in chains: one lane per module and store over time.

mod events;
mod series;
mod words;

use plotters::prelude::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::{Axis, labels, that_fit};
use super::canvas::{Anchor, Area, HEADING, LABEL, Point, QUIET, TITLE};
use super::legend::Legend;
use super::style::{self, Pattern};
use super::{Canvas, ChartError, DataTable, Described, Figure};
use crate::analysis::model::{AlertRole, LaneState};
pub(crate) use series::Cascade;
use series::Row;

const TOP: i32 = 300;
const FOOT: i32 = 130;
const LEFT: i32 = 300;
const RIGHT: i32 = style::WIDTH as i32 - 60;
/// Where the numbers of the chains stand.
const NAMES: i32 = 262;
const LANE: i32 = 150;
/// From the top of a lane to the middle of its bar.
const BAR: i32 = 58;
/// From the middle of the bar to the alerts that were expected, and to all others.
const EXPECTED: i32 = 46;
const OTHERS: i32 = 74;
/// Half the width of a mark.
const MARK: i32 = 10;

/// Colour, pattern and half the height of each state: a reader without colours has the heights.
const DOWN: (RGBColor, Pattern, i32) = (style::VERMILLION, Pattern::Falling, 26);
const RESTARTING: (RGBColor, Pattern, i32) = (style::ORANGE, Pattern::Upright, 16);
const HEALTHY: (RGBColor, Pattern, i32) = (style::GREEN, Pattern::Plain, 5);

impl Described for Cascade {
    const NAME: &'static str = "cascade";

    fn alt(&self) -> String {
        self.alt.clone()
    }

    fn table(&self) -> DataTable {
        self.table.clone()
    }
}

impl Figure for Cascade {
    fn size(&self) -> (u32, u32) {
        (style::WIDTH, (self.bottom() + FOOT).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        let area = (LEFT, TOP, RIGHT, self.bottom());
        if self.rows.is_empty() {
            let middle = (i32::midpoint(LEFT, RIGHT), i32::midpoint(TOP, self.bottom()));
            return canvas.text(&self.words.no_data, middle, Anchor::Middle, QUIET);
        }
        let x = Axis::between(self.from_s, self.to_s, (LEFT, RIGHT));
        for chain in &self.chains {
            let from = x.at(chain.from_s);
            canvas.fill((from, TOP, x.at(chain.to_s).max(from + 3), self.bottom()), style::WINDOW, 0.45)?;
        }
        for (from_s, to_s) in &self.outages {
            let from = x.at(*from_s);
            sink_outage(canvas, (from, TOP, x.at(*to_s).max(from + 4), self.bottom()))?;
        }
        let ticks = x.ticks(10);
        canvas.x_axis(area, &x, &ticks, Some(&labels(&ticks)))?;
        let foot = (i32::midpoint(LEFT, RIGHT), self.bottom() + 88);
        canvas.text(&self.words.axis, foot, Anchor::Middle, HEADING)?;
        self.names(canvas, &x)?;
        for (row, top) in self.rows.iter().zip((TOP..).step_by(LANE as usize)) {
            self.lane(canvas, &x, row, top)?;
        }
        Ok(())
    }
}

impl Cascade {
    fn bottom(&self) -> i32 {
        TOP + LANE * i32::try_from(self.rows.len().max(1)).unwrap_or(1)
    }

    /// Title, caption, and what the bars and marks mean.
    fn head<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        let words = &self.words;
        canvas.text(&words.title, (40, 40), Anchor::Left, TITLE)?;
        let caption = canvas.fitted(&words.caption, style::WIDTH as i32 - 80, QUIET);
        canvas.text(&caption, (40, 88), Anchor::Left, QUIET)?;
        let mut legend = Legend::new(canvas, (40, 136));
        let states = [(DOWN, &words.down), (RESTARTING, &words.restarting), (HEALTHY, &words.healthy)];
        for ((colour, pattern, half), name) in states {
            legend.entry(name, |(left, top, right, bottom)| {
                let (middle, half) = (i32::midpoint(top, bottom), half.min(14));
                canvas.patterned((left, middle - half, right, middle + half), colour, pattern, style::PAPER)
            })?;
        }
        legend.entry(&words.span, |sample| canvas.fill(sample, style::WINDOW, 0.45))?;
        if !self.outages.is_empty() {
            legend.entry(&words.sink_outage, |sample| sink_outage(canvas, sample))?;
        }
        // The marks begin a line of their own.
        let mut legend = Legend::new(canvas, (40, 186));
        legend.entry(&words.fault, |(x, _, _, bottom)| {
            canvas.marker((x + 20, bottom - 5), MARK, style::VERMILLION, true)
        })?;
        for (role, name) in series::ROLES.into_iter().zip(&words.roles).filter(|(role, _)| self.has(*role)) {
            legend.entry(name, |(x, top, _, bottom)| {
                alert(canvas, (x + 20, i32::midpoint(top, bottom)), MARK, role)
            })?;
        }
        Ok(())
    }

    fn has(&self, role: AlertRole) -> bool {
        self.rows.iter().flat_map(|row| &row.alerts).any(|(_, of)| *of == role)
    }

    /// The number of each chain above its beginning, where it finds room.
    fn names<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let place = |chain: &series::Span| {
            let width = canvas.width(&chain.name, LABEL);
            let middle = i32::midpoint(x.at(chain.from_s), x.at(chain.to_s));
            (middle.clamp(LEFT + width / 2, RIGHT - width / 2), width)
        };
        let places: Vec<_> = self.chains.iter().map(place).collect();
        if that_fit(&places, 16).contains(&false) {
            return canvas.text(&self.words.unnumbered, (LEFT, NAMES), Anchor::Left, QUIET);
        }
        for (chain, (middle, _)) in self.chains.iter().zip(places) {
            canvas.text(&chain.name, (middle, NAMES), Anchor::Middle, LABEL)?;
        }
        Ok(())
    }

    /// A module or store: how it was, what hit it, and the alerts about it.
    fn lane<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        x: &Axis,
        row: &Row,
        top: i32,
    ) -> Result<(), ChartError> {
        let y = top + BAR;
        let name = canvas.fitted(&row.name, LEFT - 60, LABEL);
        canvas.text(&name, (LEFT - 20, y), Anchor::Right, LABEL)?;
        canvas.line(&[(LEFT, top + LANE), (RIGHT, top + LANE)], style::GRID, 2)?;
        if row.told {
            let (colour, _, half) = HEALTHY;
            canvas.fill((LEFT, y - half, RIGHT, y + half), colour, 1.0)?;
        } else {
            canvas.text(&self.words.untold, (LEFT + 20, y), Anchor::Left, QUIET)?;
        }
        for (from_s, to_s, state) in &row.stretches {
            let (colour, pattern, half) = if *state == LaneState::Down { DOWN } else { RESTARTING };
            // Even the shortest can be seen.
            let from = x.at(*from_s);
            let bar = (from, y - half, x.at(*to_s).max(from + 3), y + half);
            canvas.fill(bar, style::PAPER, 1.0)?;
            canvas.patterned(bar, colour, pattern, style::PAPER)?;
        }
        let tips: Vec<_> = row.faults.iter().map(|(t, _)| x.at(*t)).collect();
        for ((_, void), tip) in row.faults.iter().zip(&tips) {
            let colour = if *void { style::MUTED } else { style::VERMILLION };
            canvas.marker((*tip, y - DOWN.2 - 3), thin(&tips), colour, !void)?;
        }
        for expected in [false, true] {
            let own = row.alerts.iter().filter(|(_, role)| series::is_expected(*role) == expected);
            let own: Vec<_> = own.map(|(t, role)| (x.at(*t), *role)).collect();
            let places: Vec<_> = own.iter().map(|(at, _)| *at).collect();
            let below = if expected { EXPECTED } else { OTHERS };
            for (at, role) in own {
                alert(canvas, (at, y + below), thin(&places), role)?;
            }
        }
        Ok(())
    }
}

/// Crowded marks become thinner, so that each can still be told from the next.
fn thin(places: &[i32]) -> i32 {
    let nearest = places.windows(2).map(|pair| (pair[1] - pair[0]).abs() / 2).min();
    nearest.unwrap_or(MARK).clamp(4, MARK)
}

/// A shape for each role, so that colour does not stand alone.
fn alert<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (x, y): Point,
    half: i32,
    role: AlertRole,
) -> Result<(), ChartError> {
    let diamond = [(x, y - 11), (x + half, y), (x, y + 11), (x - half, y)];
    match role {
        AlertRole::Matched => canvas.polygon(&diamond, style::BLUE, true),
        AlertRole::Late => canvas.polygon(&diamond, style::VERMILLION, false),
        AlertRole::Duplicate => {
            canvas.line(&[(x - half, y), (x + half, y)], style::PURPLE, 5)?;
            canvas.line(&[(x, y - 10), (x, y + 10)], style::PURPLE, 5)
        }
        AlertRole::Collateral => {
            let square =
                [(x - half + 1, y - 8), (x + half - 1, y - 8), (x + half - 1, y + 8), (x - half + 1, y + 8)];
            canvas.polygon(&square, style::MUTED, false)
        }
        AlertRole::False => {
            canvas.line(&[(x - half, y - 9), (x + half, y + 9)], style::VERMILLION, 5)?;
            canvas.line(&[(x - half, y + 9), (x + half, y - 9)], style::VERMILLION, 5)
        }
    }
}

/// Rising lines, as no state has them.
fn sink_outage<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, area: Area) -> Result<(), ChartError> {
    canvas.fill(area, style::PURPLE, 0.2)?;
    canvas.hatched(area, Pattern::Rising, style::PURPLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::fixture;

    #[test]
    fn the_figure_has_a_lane_per_module_and_does_not_grow_with_the_chains() {
        let height = |n| Cascade::of(&fixture::chains(n), Lang::En).unwrap().size().1;
        assert_eq!(height(1), height(40));
        assert!(Cascade::of(&fixture::passing(), Lang::En).is_none());
    }

    #[test]
    fn crowded_marks_become_thinner_but_never_vanish() {
        assert_eq!(thin(&[]), MARK);
        assert_eq!(thin(&[100, 114, 300]), 7);
        assert_eq!(thin(&[100, 101]), 4);
    }
}
