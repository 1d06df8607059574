//! The few shapes that the figures are made of.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{PathElement, Polygon, Rectangle};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};
use unicode_width::UnicodeWidthChar as _;

use super::ChartError;
use super::axis::{Axis, dashes, round};
use super::style::{self, Pattern};

/// A point in pixels.
pub(crate) type Point = (i32, i32);

/// A rectangle in pixels: left, top, right, bottom.
pub(crate) type Area = (i32, i32, i32, i32);

/// Which point of a text is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// The middle of its left side.
    Left,
    /// Its middle.
    Middle,
    /// The middle of its right side.
    Right,
}

/// Size, weight and colour of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Type {
    /// One of the sizes in [`style`].
    pub(crate) size: f64,
    /// Bold.
    pub(crate) bold: bool,
    /// Its colour.
    pub(crate) colour: RGBColor,
}

/// The name of a figure.
pub(crate) const TITLE: Type = Type { size: style::TITLE, bold: true, colour: style::INK };
/// The name of a panel or an axis.
pub(crate) const HEADING: Type = Type { size: style::HEADING, bold: true, colour: style::INK };
/// Ticks and names.
pub(crate) const LABEL: Type = Type { size: style::LABEL, bold: false, colour: style::INK };
/// What matters less.
pub(crate) const QUIET: Type = Type { size: style::LABEL, bold: false, colour: style::MUTED };

/// Something to draw on, in pixels.
pub(crate) struct Canvas<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
}

impl<'a, DB: DrawingBackend> Canvas<'a, DB> {
    pub(crate) fn new(area: &'a DrawingArea<DB, Shift>) -> Self {
        Self { area }
    }

    /// One line of text.
    pub(crate) fn text(&self, text: &str, at: Point, anchor: Anchor, kind: Type) -> Result<(), ChartError> {
        let side = match anchor {
            Anchor::Left => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        let style = font(kind).pos(Pos::new(side, VPos::Center));
        self.area.draw_text(text, &style, at).map_err(|error| ChartError::new(&error))
    }

    /// How wide a text is. Only the embedded font is known here, and it has no Japanese glyphs: what is set in another
    /// font counts as the square of one em that it fills there.
    pub(crate) fn width(&self, text: &str, kind: Type) -> i32 {
        let wide = wide_in(text);
        let rest: String = text.chars().filter(|c| !wide(*c)).collect();
        let squares = f64::from(u32::try_from(text.chars().filter(|c| wide(*c)).count()).unwrap_or(u32::MAX));
        let size = self.area.estimate_text_size(&rest, &font(kind));
        let rest = size.map_or(0, |(width, _)| i32::try_from(width).unwrap_or(i32::MAX));
        rest.saturating_add(round((squares * style::em(kind.size)).ceil(), 0.0).0)
    }

    /// As much of a text as finds room, with an ellipsis for the rest.
    pub(crate) fn fitted(&self, text: &str, room: i32, kind: Type) -> String {
        if self.width(text, kind) <= room {
            return text.to_owned();
        }
        let mut short: Vec<char> = text.chars().take(200).collect();
        loop {
            short.pop();
            let candidate: String = short.iter().chain(&['…']).collect();
            if short.is_empty() || self.width(&candidate, kind) <= room {
                return candidate;
            }
        }
    }

    /// A connected line.
    pub(crate) fn line(&self, points: &[Point], colour: RGBColor, width: u32) -> Result<(), ChartError> {
        if points.len() < 2 {
            return Ok(());
        }
        let element = PathElement::new(points.to_vec(), colour.stroke_width(width));
        self.area.draw(&element).map_err(|error| ChartError::new(&error))
    }

    /// A connected line in dashes.
    pub(crate) fn dashed(&self, points: &[Point], colour: RGBColor, width: u32) -> Result<(), ChartError> {
        dashes(points, 14.0, 9.0).iter().try_for_each(|dash| self.line(dash, colour, width))
    }

    /// A filled rectangle.
    pub(crate) fn fill(
        &self,
        (x0, y0, x1, y1): Area,
        colour: RGBColor,
        opacity: f64,
    ) -> Result<(), ChartError> {
        let element = Rectangle::new([(x0, y0), (x1, y1)], colour.mix(opacity).filled());
        self.area.draw(&element).map_err(|error| ChartError::new(&error))
    }

    /// A rectangle in a colour with a pattern upon it.
    pub(crate) fn patterned(
        &self,
        area: Area,
        colour: RGBColor,
        pattern: Pattern,
        lines: RGBColor,
    ) -> Result<(), ChartError> {
        self.fill(area, colour, 1.0)?;
        self.hatched(area, pattern, lines)
    }

    /// The lines of a pattern alone.
    pub(crate) fn hatched(&self, area: Area, pattern: Pattern, lines: RGBColor) -> Result<(), ChartError> {
        hatch(area, pattern).iter().try_for_each(|(from, to)| self.line(&[*from, *to], lines, 2))
    }

    /// A filled or hollow polygon.
    pub(crate) fn polygon(&self, points: &[Point], colour: RGBColor, filled: bool) -> Result<(), ChartError> {
        if filled {
            let style: ShapeStyle = colour.filled();
            let element = Polygon::new(points.to_vec(), style);
            return self.area.draw(&element).map_err(|error| ChartError::new(&error));
        }
        let closed: Vec<_> = points.iter().chain(points.first()).copied().collect();
        self.line(&closed, colour, 3)
    }

    /// A triangle that points down to `tip`, `half` pixels to each side: where a fault took effect.
    pub(crate) fn marker(
        &self,
        tip: Point,
        half: i32,
        colour: RGBColor,
        filled: bool,
    ) -> Result<(), ChartError> {
        let (x, y) = tip;
        self.polygon(&[(x, y), (x - half, y - 18), (x + half, y - 18)], colour, filled)
    }

    /// Grid lines and labels of an upright axis at the left of `area`.
    pub(crate) fn y_axis(
        &self,
        area: Area,
        axis: &Axis,
        ticks: &[f64],
        label: impl Fn(f64) -> String,
    ) -> Result<(), ChartError> {
        let (left, _, right, _) = area;
        for tick in ticks {
            let y = axis.at(*tick);
            self.line(&[(left, y), (right, y)], style::GRID, 2)?;
            self.text(&label(*tick), (left - 16, y), Anchor::Right, QUIET)?;
        }
        Ok(())
    }

    /// Grid lines of a level axis over `area`, with labels below it when asked for.
    pub(crate) fn x_axis(
        &self,
        area: Area,
        axis: &Axis,
        ticks: &[f64],
        label: Option<&dyn Fn(f64) -> String>,
    ) -> Result<(), ChartError> {
        let (left, top, right, bottom) = area;
        for tick in ticks {
            let x = axis.at(*tick);
            self.line(&[(x, top), (x, bottom)], style::GRID, 2)?;
            if let Some(label) = label {
                self.line(&[(x, bottom), (x, bottom + 10)], style::MUTED, 2)?;
                let text = label(*tick);
                // The last one must not be cut off by the edge of the figure.
                let most = style::WIDTH as i32 - 6 - self.width(&text, QUIET) / 2;
                self.text(&text, (x.min(most), bottom + 32), Anchor::Middle, QUIET)?;
            }
        }
        self.line(&[(left, bottom), (right, bottom)], style::MUTED, 2)
    }
}

/// Which characters of a text fill a square. Where Japanese is written, the font that has it is used for what both have,
/// and in that `…` or `→` fills one too.
fn wide_in(text: &str) -> impl Fn(char) -> bool {
    let japanese = text.chars().any(|c| c.width() == Some(2));
    move |c| (if japanese { c.width_cjk() } else { c.width() }) == Some(2)
}

fn font(kind: Type) -> TextStyle<'static> {
    let weight = if kind.bold { FontStyle::Bold } else { FontStyle::Normal };
    let font = FontDesc::new(FontFamily::Name(style::FONT), kind.size, weight);
    TextStyle { color: kind.colour.to_backend_color(), ..TextStyle::from(font) }
}

/// The lines of a pattern, cut to the rectangle.
fn hatch((x0, y0, x1, y1): Area, pattern: Pattern) -> Vec<(Point, Point)> {
    const GAP: usize = 14;
    let height = y1 - y0;
    // Too small to tell a pattern from noise.
    if height < 8 || x1 - x0 < 6 {
        return Vec::new();
    }
    match pattern {
        Pattern::Plain => Vec::new(),
        Pattern::Upright => (x0 + 7..x1).step_by(GAP).map(|x| ((x, y0), (x, y1))).collect(),
        Pattern::Rising | Pattern::Falling => (x0 - height + 7..x1)
            .step_by(GAP)
            .filter_map(|start| {
                // At 45 degrees, so a step to the side is a step up.
                let (from, to) = (start.max(x0), (start + height).min(x1));
                let (low, high) = (from - start, to - start);
                let y = |rise: i32| {
                    if pattern == Pattern::Rising { y1 - rise } else { y0 + rise }
                };
                (from < to).then(|| ((from, y(low)), (to, y(high))))
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use plotters::backend::SVGBackend;
    use plotters::drawing::IntoDrawingArea as _;

    use super::*;

    #[test]
    fn a_pattern_stays_inside_its_rectangle() {
        for pattern in [Pattern::Rising, Pattern::Falling, Pattern::Upright] {
            let lines = hatch((100, 50, 190, 90), pattern);
            assert!(lines.len() > 4, "{pattern:?}");
            for (x, y) in lines.into_iter().flat_map(|(from, to)| [from, to]) {
                assert!((100..=190).contains(&x) && (50..=90).contains(&y), "{pattern:?} {x} {y}");
            }
        }
        assert!(hatch((0, 0, 90, 90), Pattern::Plain).is_empty());
    }

    /// What `ask` says of a canvas as every figure has it.
    fn on_canvas<T>(ask: impl FnOnce(&Canvas<'_, SVGBackend<'_>>) -> T) -> T {
        style::register_fonts();
        let mut text = String::new();
        let area = SVGBackend::with_string(&mut text, (style::WIDTH, 100)).into_drawing_area();
        ask(&Canvas::new(&area))
    }

    #[test]
    fn a_full_width_character_is_one_em_wide_though_the_embedded_font_lacks_it() {
        on_canvas(|canvas| {
            let em = style::em(style::LABEL);
            for (text, squares) in [("復旧", 2.0), ("ゴー", 2.0), ("（）", 2.0), ("復…", 2.0)] {
                assert_eq!(f64::from(canvas.width(text, LABEL)), (squares * em).ceil(), "{text}");
            }
            let (latin, both) = (canvas.width("p99 5 s", LABEL), canvas.width("復旧p99 5 s", LABEL));
            assert_eq!(both - latin, canvas.width("復旧", LABEL));
            // Without Japanese beside it an ellipsis comes from the embedded font.
            assert!(f64::from(canvas.width("i…", LABEL)) < 1.5 * em);
        });
    }

    #[test]
    fn a_fitted_text_keeps_to_its_room_in_both_scripts() {
        on_canvas(|canvas| {
            for text in ["notification-service and more", "連鎖障害におけるモジュールの状態の推移"]
            {
                let short = canvas.fitted(text, 200, LABEL);
                assert!(short.ends_with('…') && canvas.width(&short, LABEL) <= 200, "{short}");
                assert!(short.chars().count() > 4, "{short}");
                assert_eq!(canvas.fitted(text, 2_000, LABEL), text);
            }
        });
    }
}
