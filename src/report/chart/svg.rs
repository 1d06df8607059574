//! The drawing library writes every attribute of every element, and an element for every stroke of a hatch. A page with
//! many figures need not carry that: this gives the same picture in fewer bytes. Pure.
//!
//! Text of a target cannot be taken for markup here: the library has escaped its angle brackets and quotes.

use super::style;

/// Said once on the whole, and on an element only where it differs.
const INHERITED: [&str; 3] = [" fill=\"none\"", " stroke-width=\"2\"", " font-family=\"sans-serif\""];

/// What an attribute is when nobody names it.
const DEFAULTS: [&str; 3] = [OPAQUE, " stroke=\"none\"", " text-anchor=\"start\""];
const OPAQUE: &str = " opacity=\"1\"";

/// The library's text of an `<svg>` of this size as one that takes the width of what holds it.
pub(super) fn compact(svg: &str, (width, height): (u32, u32)) -> String {
    let mut text = joined(svg);
    for attribute in INHERITED.iter().chain(&DEFAULTS) {
        text = text.replace(attribute, "");
    }
    for size in [style::TITLE, style::HEADING, style::LABEL] {
        text = text.replace(&font_size(style::em(size)), &font_size((style::em(size) * 10.0).round() / 10.0));
    }
    // What stands for it in words is beside it in the page.
    let own = format!("<svg width=\"{width}\" height=\"{height}\"");
    let whole = format!("<svg aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 {width} {height}\"");
    let rest = text.strip_prefix(&own).and_then(|rest| rest.split_once('>'));
    match rest {
        Some((_, rest)) => {
            format!("{whole} xmlns=\"http://www.w3.org/2000/svg\"{}>{rest}", INHERITED.concat())
        }
        None => text,
    }
}

fn font_size(em: f64) -> String {
    format!(" font-size=\"{em}\"")
}

/// Shapes that follow one another in the same style as one path: a hatch, the dashes of a line, a series of bars.
/// (Bars in one path also meet without a seam.) What shines through stays apart, as it is darker where it overlaps.
fn joined(svg: &str) -> String {
    let mut text = String::with_capacity(svg.len());
    let mut open: Option<&str> = None;
    for line in svg.lines() {
        let shape = stroke(line).or_else(|| bar(line));
        match &shape {
            Some((style, path)) if open == Some(*style) && style.contains(OPAQUE) => text.push_str(path),
            _ => {
                text.push_str(if open.is_some() { "\"/>\n" } else { "" });
                match &shape {
                    Some((style, path)) => text.extend(["<path", style, " d=\"", path]),
                    None => text.extend([line, "\n"]),
                }
            }
        }
        open = shape.map(|(style, _)| style);
    }
    text
}

/// The attributes and the path of a connected line, if that is what stands here.
fn stroke(element: &str) -> Option<(&str, String)> {
    let (style, points) =
        element.strip_prefix("<polyline")?.strip_suffix("\"/>")?.split_once(" points=\"")?;
    Some((style, format!("M{}", points.trim_end())))
}

/// The attributes and the path of a rectangle, if that is what stands here.
fn bar(element: &str) -> Option<(&str, String)> {
    let (x, rest) = element.strip_prefix("<rect x=\"")?.strip_suffix("/>")?.split_once("\" y=\"")?;
    let (y, rest) = rest.split_once("\" width=\"")?;
    let (width, rest) = rest.split_once("\" height=\"")?;
    let (height, style) = rest.split_once('"')?;
    // All paths turn the same way, so that none cuts a hole into another; the library draws nothing below zero.
    let turns = !width.starts_with('-') && !height.starts_with('-');
    turns.then(|| (style, format!("M{x},{y}h{width}v{height}h-{width}z")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "<svg width=\"200\" height=\"100\" viewBox=\"0 0 200 100\" xmlns=\"http://www.w3.org/2000/svg\">\n";

    fn compacted(body: &str) -> String {
        let text = compact(&format!("{HEAD}{body}</svg>\n"), (200, 100));
        let (head, rest) = text.split_once(">\n").unwrap();
        assert!(
            head.starts_with("<svg aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 200 100\""),
            "{head}"
        );
        for said in INHERITED {
            assert!(head.contains(said), "{head}");
        }
        rest.strip_suffix("</svg>\n").unwrap().to_owned()
    }

    fn rect(x: u32, opacity: f64) -> String {
        format!(
            "<rect x=\"{x}\" y=\"2\" width=\"3\" height=\"4\" opacity=\"{opacity}\" fill=\"#FFFFFF\" stroke=\"none\"/>\n"
        )
    }

    #[test]
    fn bars_in_one_style_are_one_path_and_what_goes_without_saying_is_not_said() {
        assert_eq!(
            compacted(&(rect(1, 1.0) + &rect(4, 1.0))),
            "<path fill=\"#FFFFFF\" d=\"M1,2h3v4h-3zM4,2h3v4h-3z\"/>\n"
        );
    }

    #[test]
    fn what_shines_through_stays_apart() {
        let faint = "<path opacity=\"0.7\" fill=\"#FFFFFF\" d=\"M1,2h3v4h-3z\"/>\n";
        assert_eq!(compacted(&(rect(1, 0.7) + &rect(1, 0.7))), [faint, faint].concat());
    }

    #[test]
    fn the_strokes_of_a_hatch_are_one_path_and_other_styles_stay_apart() {
        let line = |colour: &str, points: &str| {
            format!(
                "<polyline fill=\"none\" opacity=\"1\" stroke=\"{colour}\" stroke-width=\"4\" points=\"{points} \"/>\n"
            )
        };
        let body = line("#FFFFFF", "1,2 3,4") + &line("#FFFFFF", "5,6 7,8 9,9") + &line("#000000", "0,0 1,1");
        assert_eq!(
            compacted(&body),
            "<path stroke=\"#FFFFFF\" stroke-width=\"4\" d=\"M1,2 3,4M5,6 7,8 9,9\"/>\n\
             <path stroke=\"#000000\" stroke-width=\"4\" d=\"M0,0 1,1\"/>\n"
        );
    }

    #[test]
    fn a_text_keeps_its_words_and_says_its_size_briefly() {
        let text = "<text x=\"1\" y=\"2\" dy=\"0.5ex\" text-anchor=\"start\" font-family=\"sans-serif\" \
                    font-size=\"23.387096774193548\" opacity=\"1\" fill=\"#1B1F24\">\n\
                    fill=&quot;none&quot; &lt;polyline points=&quot;\n</text>\n";
        assert_eq!(
            compacted(text),
            "<text x=\"1\" y=\"2\" dy=\"0.5ex\" font-size=\"23.4\" fill=\"#1B1F24\">\n\
             fill=&quot;none&quot; &lt;polyline points=&quot;\n</text>\n"
        );
    }
}
