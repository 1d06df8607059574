//! Palette, sizes and fonts of every figure: one place.
//!
//! Figures are drawn at twice the size at which they are meant to be seen, so lengths here are half-pixels.

use std::sync::Once;

use plotters::style::{FontStyle, RGBColor, register_font};

/// Width of every figure.
pub(crate) const WIDTH: u32 = 2_000;

/// Text that names a figure.
pub(crate) const TITLE: f64 = 42.0;
/// Text that names a panel or an axis.
pub(crate) const HEADING: f64 = 33.0;
/// All other text.
pub(crate) const LABEL: f64 = 29.0;

/// An em of a text of this size in an SVG: the drawing library sets its font size so.
pub(crate) fn em(size: f64) -> f64 {
    size / 1.24
}

/// Width of a line that is data.
pub(crate) const DATA_LINE: u32 = 4;

/// Behind everything.
pub(crate) const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
/// Text and axes.
pub(crate) const INK: RGBColor = RGBColor(0x1B, 0x1F, 0x24);
/// Text of less weight.
pub(crate) const MUTED: RGBColor = RGBColor(0x57, 0x60, 0x6A);
/// Grid lines.
pub(crate) const GRID: RGBColor = RGBColor(0xE3, 0xE6, 0xEA);
/// Goodput that was lost.
pub(crate) const LOST: RGBColor = RGBColor(0xF6, 0xD9, 0x8F);
/// Fault windows.
pub(crate) const WINDOW: RGBColor = RGBColor(0xC9, 0xCE, 0xD6);

// Okabe and Ito, "Color Universal Design" (2008): told apart under every common colour blindness.
/// What went well.
pub(crate) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xB2);
/// What failed.
pub(crate) const VERMILLION: RGBColor = RGBColor(0xD5, 0x5E, 0x00);
/// Orange of the palette.
pub(crate) const ORANGE: RGBColor = RGBColor(0xE6, 0x9F, 0x00);
/// Sky blue of the palette.
pub(crate) const SKY: RGBColor = RGBColor(0x56, 0xB4, 0xE9);
/// Bluish green of the palette.
pub(crate) const GREEN: RGBColor = RGBColor(0x00, 0x9E, 0x73);
/// Reddish purple of the palette.
pub(crate) const PURPLE: RGBColor = RGBColor(0xCC, 0x79, 0xA7);

/// A pattern beside a colour, for those who see none and for grey prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// One colour.
    Plain,
    /// Lines that rise to the right.
    Rising,
    /// Lines that fall to the right.
    Falling,
    /// Upright lines.
    Upright,
}

/// Colour and pattern of each phase, in the order of `view::PHASES`.
pub(crate) const PHASES: [(RGBColor, Pattern); 5] = [
    (ORANGE, Pattern::Plain),
    (PURPLE, Pattern::Rising),
    (SKY, Pattern::Plain),
    (GREEN, Pattern::Upright),
    (BLUE, Pattern::Falling),
];

/// The font's name, as SVG viewers know it too.
pub(crate) const FONT: &str = "sans-serif";

/// Makes the embedded font known to the drawing library, once in a process.
pub(crate) fn register_fonts() {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        for (style, bytes) in
            [(FontStyle::Normal, dejavu::sans::regular()), (FontStyle::Bold, dejavu::sans::bold())]
        {
            // It fails for bytes that are no font only; these are compiled in, and a test draws with them.
            let _ = register_font(FONT, style, bytes);
        }
    });
}

/// As in a style sheet: `#1B1F24`.
#[cfg(test)]
pub(crate) fn hex(colour: RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2)
}
