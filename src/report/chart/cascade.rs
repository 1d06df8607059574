//! Who was away when, while faults came in chains: one lane per module and store over time.

mod series;

use plotters::prelude::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::{Axis, that_fit};
use super::canvas::{Anchor, Area, HEADING, LABEL, Point, QUIET, TITLE};
use super::style::{self, Pattern};
use super::{Canvas, ChartError, Figure};
use crate::analysis::model::{AlertRole, LaneState};
use crate::lang::format;
use crate::report::words;
pub(crate) use series::Cascade;
use series::Row;

const TOP: i32 = 300;
const FOOT: i32 = 130;
const LEFT: i32 = 250;
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

impl Figure for Cascade {
    fn size(&self) -> (u32, u32) {
        (style::WIDTH, (self.bottom() + FOOT).unsigned_abs())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), ChartError> {
        self.head(canvas)?;
        let area = (LEFT, TOP, RIGHT, self.bottom());
        if self.rows.is_empty() {
            let middle = (i32::midpoint(LEFT, RIGHT), i32::midpoint(TOP, self.bottom()));
            return canvas.text("no data: no module was hit or seen", middle, Anchor::Middle, QUIET);
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
        canvas.x_axis(area, &x, &x.ticks(10), Some(&|tick: f64| format::number(tick)))?;
        let foot = (i32::midpoint(LEFT, RIGHT), self.bottom() + 88);
        canvas.text("seconds since start", foot, Anchor::Middle, HEADING)?;
        self.names(canvas, &x)?;
        for (row, top) in self.rows.iter().zip((TOP..).step_by(LANE as usize)) {
            lane(canvas, &x, row, top)?;
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
        canvas.text("Modules under chains of faults", (40, 40), Anchor::Left, TITLE)?;
        let caption = canvas.fitted(&self.caption, style::WIDTH as i32 - 80, QUIET);
        canvas.text(&caption, (40, 88), Anchor::Left, QUIET)?;
        let mut left = 40;
        for ((colour, pattern, half), name) in [DOWN, RESTARTING, HEALTHY].into_iter().zip(words::LANE_STATES)
        {
            let half = half.min(14);
            canvas.patterned((left, 136 - half, left + 40, 136 + half), colour, pattern, style::PAPER)?;
            left = entry(canvas, left, 136, name)?;
        }
        canvas.fill((left, 122, left + 40, 150), style::WINDOW, 0.45)?;
        left = entry(canvas, left, 136, words::CHAIN_SPAN)?;
        if !self.outages.is_empty() {
            sink_outage(canvas, (left, 122, left + 40, 150))?;
            entry(canvas, left, 136, words::SINK_OUTAGE)?;
        }
        left = 40;
        canvas.marker((left + 20, 194), MARK, style::VERMILLION, true)?;
        left = entry(canvas, left, 186, "fault")?;
        for role in series::ROLES.into_iter().filter(|role| self.has(*role)) {
            alert(canvas, (left + 20, 184), MARK, role)?;
            left = entry(canvas, left, 186, words::alert_mark(role))?;
        }
        Ok(())
    }

    fn has(&self, role: AlertRole) -> bool {
        self.rows.iter().flat_map(|row| &row.alerts).any(|(_, of)| *of == role)
    }

    /// The number of each chain above its beginning, where it finds room.
    fn names<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x: &Axis) -> Result<(), ChartError> {
        let one = |chain: &series::Span| {
            let text = format!("chain {}", chain.chain);
            let width = canvas.width(&text, LABEL);
            let middle = i32::midpoint(x.at(chain.from_s), x.at(chain.to_s));
            (text, middle.clamp(LEFT + width / 2, RIGHT - width / 2), width)
        };
        let labels: Vec<_> = self.chains.iter().map(one).collect();
        let places: Vec<_> = labels.iter().map(|(_, middle, width)| (*middle, *width)).collect();
        let fits = that_fit(&places, 16);
        if fits.iter().filter(|fits| **fits).count() < fits.len() {
            let text = format!("{} chains: too many to number them here", fits.len());
            return canvas.text(&text, (LEFT, NAMES), Anchor::Left, QUIET);
        }
        for (text, middle, _) in &labels {
            canvas.text(text, (*middle, NAMES), Anchor::Middle, LABEL)?;
        }
        Ok(())
    }
}

/// The text of an entry of the legend; gives where the next one begins.
fn entry<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    left: i32,
    y: i32,
    text: &str,
) -> Result<i32, ChartError> {
    canvas.text(text, (left + 52, y), Anchor::Left, LABEL)?;
    Ok(left + 52 + canvas.width(text, LABEL) + 40)
}

fn lane<DB: DrawingBackend>(
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
        canvas.text("no data: nobody told how it was", (LEFT + 20, y), Anchor::Left, QUIET)?;
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
    use crate::report::fixture;

    #[test]
    fn the_figure_has_a_lane_per_module_and_does_not_grow_with_the_chains() {
        let height = |n| Cascade::of(&fixture::chains(n)).unwrap().size().1;
        assert_eq!(height(1), height(40));
        assert!(Cascade::of(&fixture::passing()).is_none());
    }

    #[test]
    fn crowded_marks_become_thinner_but_never_vanish() {
        assert_eq!(thin(&[]), MARK);
        assert_eq!(thin(&[100, 114, 300]), 7);
        assert_eq!(thin(&[100, 101]), 4);
    }
}
