//! From values to pixels, and where the ticks go. Pure.

use crate::lang::format;

/// A scale from values to pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Axis {
    low: f64,
    high: f64,
    log: bool,
    from: i32,
    to: i32,
}

impl Axis {
    /// Even steps from 0 to at least `high`; the end is a tick.
    pub(crate) fn from_zero(high: f64, ticks: u32, (from, to): (i32, i32)) -> Self {
        let high = if high > 0.0 { high } else { 1.0 };
        let step = step(high, ticks);
        Self { low: 0.0, high: (high / step - 1e-9).ceil() * step, log: false, from, to }
    }

    /// Even steps from 0 to exactly `high`.
    pub(crate) fn exact(high: f64, (from, to): (i32, i32)) -> Self {
        Self { low: 0.0, high: if high > 0.0 { high } else { 1.0 }, log: false, from, to }
    }

    /// From exactly `low` to exactly `high`.
    pub(crate) fn between(low: f64, high: f64, (from, to): (i32, i32)) -> Self {
        Self { low, high: if high > low { high } else { low + 1.0 }, log: false, from, to }
    }

    /// Powers of ten around `low..high`.
    pub(crate) fn log(low: f64, high: f64, (from, to): (i32, i32)) -> Self {
        let low = if low > 0.0 { low.log10().floor() } else { 0.0 };
        let high = if high > 0.0 { (high.log10() - 1e-9).ceil() } else { 1.0 };
        Self { low: 10f64.powf(low), high: 10f64.powf(high.max(low + 1.0)), log: true, from, to }
    }

    /// The pixel of a value; values beyond an end stay at the end.
    pub(crate) fn at(&self, value: f64) -> i32 {
        let share = if self.log {
            (value.max(self.low) / self.low).log10() / (self.high / self.low).log10()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        let pixels = f64::from(self.to - self.from) * share.clamp(0.0, 1.0);
        #[expect(clippy::cast_possible_truncation, reason = "between two pixels")]
        let offset = pixels.round() as i32;
        self.from + offset
    }

    /// The ticks: about `wanted` of them at round values.
    pub(crate) fn ticks(&self, wanted: u32) -> Vec<f64> {
        if self.log { self.log_ticks() } else { self.even_ticks(wanted) }
    }

    fn even_ticks(&self, wanted: u32) -> Vec<f64> {
        let step = step(self.high - self.low, wanted);
        let first = (self.low / step - 1e-9).ceil();
        (0..=1_000)
            .map(|i| (first + f64::from(i)) * step)
            .take_while(|tick| *tick <= self.high * (1.0 + 1e-9))
            .collect()
    }

    /// Powers of ten; with few of them also twice and five times each.
    fn log_ticks(&self) -> Vec<f64> {
        #[expect(clippy::cast_possible_truncation, reason = "a few decades")]
        let (first, last) = (self.low.log10().round() as i32, self.high.log10().round() as i32);
        let between: &[f64] = if last - first <= 2 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        (first..=last)
            .flat_map(|decade| between.iter().map(move |factor| factor * 10f64.powi(decade)))
            .filter(|tick| *tick <= self.high * (1.0 + 1e-9))
            .collect()
    }
}

/// 1, 2 or 5 times a power of ten, so that about `wanted` steps lead to `high`.
fn step(high: f64, wanted: u32) -> f64 {
    let rough = high / f64::from(wanted.max(1));
    let decade = 10f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * decade >= rough * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * decade
}

/// Names numbers on an axis in the same form, with as many decimals as tell its ticks apart.
pub(crate) fn labels(ticks: &[f64]) -> impl Fn(f64) -> String + use<> {
    let step = ticks.windows(2).map(|pair| pair[1] - pair[0]).fold(1.0, f64::min);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few decimals, never negative"
    )]
    let decimals = (-step.log10() - 1e-9).ceil().clamp(0.0, 6.0) as usize;
    move |tick| if decimals == 0 { format::number(tick) } else { format!("{tick:.decimals$}") }
}

/// Names a length in µs on an axis; nothing needs no unit.
pub(crate) fn length(us: f64) -> String {
    if us == 0.0 { "0".to_owned() } else { format::length(format::micros(us)) }
}

/// Which of the labels, given as (centre, width) from left to right, find room without touching.
pub(crate) fn that_fit(labels: &[(i32, i32)], gap: i32) -> Vec<bool> {
    let mut end = i32::MIN / 2;
    labels
        .iter()
        .map(|(centre, width)| {
            let fits = centre - width / 2 >= end + gap;
            if fits {
                end = centre + width / 2;
            }
            fits
        })
        .collect()
}

/// A run of points cut into dashes of `on` pixels with gaps of `off` pixels.
pub(crate) fn dashes(points: &[(i32, i32)], on: f64, off: f64) -> Vec<Vec<(i32, i32)>> {
    let mut dashes = Vec::new();
    let (mut drawing, mut left) = (true, on);
    let mut dash = points.first().map(|first| vec![*first]).unwrap_or_default();
    for pair in points.windows(2) {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]].map(|(x, y)| (f64::from(x), f64::from(y)));
        let length = (x1 - x0).hypot(y1 - y0);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let point = round(x0 + (x1 - x0) * done / length, y0 + (y1 - y0) * done / length);
            if drawing {
                dash.push(point);
                dashes.push(std::mem::take(&mut dash));
            } else {
                dash = vec![point];
            }
            drawing = !drawing;
            left = if drawing { on } else { off };
        }
        left -= length - done;
        if drawing {
            dash.push(pair[1]);
        }
    }
    if dash.len() > 1 {
        dashes.push(dash);
    }
    dashes
}

/// To the nearest pixel.
pub(crate) fn round(x: f64, y: f64) -> (i32, i32) {
    #[expect(clippy::cast_possible_truncation, reason = "pixels of a figure")]
    let point = (x.round() as i32, y.round() as i32);
    point
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_data() {
        for (high, wanted, expected) in [
            (1.0, 5, vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
            (19.0, 10, vec![0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0]),
            (0.0, 2, vec![0.0, 0.5, 1.0]),
            (1_043.0, 3, vec![0.0, 500.0, 1_000.0, 1_500.0]),
        ] {
            let ticks = Axis::from_zero(high, wanted, (0, 100)).ticks(wanted);
            assert_eq!(ticks.len(), expected.len(), "{ticks:?}");
            assert!(ticks.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9), "{ticks:?}");
        }
    }

    #[test]
    fn a_log_axis_has_a_tick_at_each_power_of_ten() {
        let axis = Axis::log(2.1, 250_000.0, (500, 0));
        assert_eq!(axis.ticks(5).len(), 7);
        assert_eq!(axis.at(1.0), 500);
        assert_eq!(axis.at(1_000.0), 250);
        assert_eq!(axis.at(1e9), 0);
        assert_eq!(Axis::log(2.0, 30.0, (0, 1)).ticks(5), [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]);
    }

    #[test]
    fn an_axis_that_begins_later_has_its_ticks_at_round_values_too() {
        let axis = Axis::between(5.3, 8.2, (100, 390));
        assert_eq!((axis.at(5.3), axis.at(6.3), axis.at(8.2)), (100, 200, 390));
        assert_eq!(axis.ticks(6), [5.5, 6.0, 6.5, 7.0, 7.5, 8.0]);
    }

    #[test]
    fn ticks_close_together_late_in_a_run_are_told_apart() {
        let read = |low, high| {
            let ticks = Axis::between(low, high, (0, 100)).ticks(5);
            ticks.iter().map(|tick| labels(&ticks)(*tick)).collect::<Vec<_>>()
        };
        assert_eq!(read(1_203.4, 1_205.6), ["1203.5", "1204.0", "1204.5", "1205.0", "1205.5"]);
        assert_eq!(read(0.0, 0.1), ["0.00", "0.02", "0.04", "0.06", "0.08", "0.10"]);
        assert_eq!(read(0.0, 20_000.0), ["0", "5000", "10\u{202f}000", "15\u{202f}000", "20\u{202f}000"]);
        assert_eq!(labels(&[])(3.0), "3");
    }

    #[test]
    fn labels_that_would_touch_are_left_out() {
        assert_eq!(that_fit(&[(50, 80), (100, 80), (140, 80), (230, 80)], 5), [true, false, true, true]);
    }

    #[test]
    fn dashes_cover_their_share_of_the_way() {
        let dashes = dashes(&[(0, 0), (30, 0), (100, 0)], 10.0, 10.0);
        assert_eq!(dashes.len(), 5);
        assert_eq!(dashes[0], [(0, 0), (10, 0)]);
        assert_eq!(dashes[4], [(80, 0), (90, 0)]);
        assert!(super::dashes(&[], 10.0, 10.0).is_empty());
    }
}
