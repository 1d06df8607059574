//! A Markdown document (GitHub's flavour) whose every piece is escaped where it is made. Pure.
//!
//! GitHub Flavored Markdown: <https://github.github.com/gfm/>.

use std::fmt::Write as _;

/// A piece of one line, safe wherever it stands: in a paragraph, an item or a cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Inline(String);

impl Inline {
    /// Words that read as they are, whoever chose them.
    pub(crate) fn text(text: &str) -> Self {
        Self(escaped(&one_line(text)))
    }

    /// [`Inline::text`] in bold.
    pub(crate) fn bold(text: &str) -> Self {
        // Emphasis may not begin or end with a space.
        match text.trim() {
            "" => Self::default(),
            text => Self(format!("**{}**", escaped(&one_line(text)))),
        }
    }

    /// A link to a file: `target` is a path, no URL of another place.
    pub(crate) fn link(text: &str, target: &str) -> Self {
        Self(format!("[{}]({})", escaped(&one_line(text)), encoded(target)))
    }

    /// A picture in a file.
    pub(crate) fn image(alt: &str, target: &str) -> Self {
        Self(format!("![{}]({})", escaped(&one_line(alt)), encoded(target)))
    }

    /// One piece after the other.
    pub(crate) fn and(mut self, next: &Self) -> Self {
        self.0.push_str(&next.0);
        self
    }

    /// Words that follow, spaces included.
    pub(crate) fn then(mut self, text: &str) -> Self {
        self.0.push_str(&escaped_inside(&visible(text)));
        self
    }

    /// The pieces with something between them, which is escaped too.
    pub(crate) fn join(pieces: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let pieces: Vec<_> = pieces.into_iter().map(|piece| piece.0).collect();
        Self(pieces.join(&escaped_inside(between)))
    }
}

/// A whole document, block by block.
#[derive(Debug, Default)]
pub(crate) struct Document(String);

impl Document {
    /// A heading of level 1 to 6.
    pub(crate) fn heading(&mut self, level: usize, text: &str) {
        self.block(&format!("{} {}", "#".repeat(level), Inline::text(text).0));
    }

    /// A paragraph.
    pub(crate) fn paragraph(&mut self, text: &Inline) {
        self.block(&text.0);
    }

    /// A list without an order; nothing when it is empty.
    pub(crate) fn items(&mut self, items: impl IntoIterator<Item = Inline>) {
        let lines: Vec<_> = items.into_iter().map(|item| format!("- {}", item.0)).collect();
        self.block(&lines.join("\n"));
    }

    /// A table. Rows have as many cells as `columns`.
    pub(crate) fn table(&mut self, columns: &[(String, Align)], rows: impl IntoIterator<Item = Vec<Inline>>) {
        let line = |cells: Vec<&str>| format!("| {} |", cells.join(" | "));
        let heads: Vec<_> = columns.iter().map(|(head, _)| Inline::text(head).0).collect();
        let mut lines = vec![
            line(heads.iter().map(String::as_str).collect()),
            line(columns.iter().map(|(_, align)| align.rule()).collect()),
        ];
        lines.extend(rows.into_iter().map(|row| line(row.iter().map(|cell| cell.0.as_str()).collect())));
        self.block(&lines.join("\n"));
    }

    /// Text in a block of its own, as it is. Its fence is longer than any in it.
    pub(crate) fn code(&mut self, text: &str) {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(3.max(longest + 1));
        self.block(&format!("{fence}text\n{}\n{fence}", one_line(text)));
    }

    /// The text of the document.
    pub(crate) fn into_text(self) -> String {
        self.0
    }

    fn block(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let gap = if self.0.is_empty() { "" } else { "\n" };
        let _ = writeln!(self.0, "{gap}{text}");
    }
}

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

impl Align {
    fn rule(self) -> &'static str {
        match self {
            Self::Left => "---",
            Self::Right => "---:",
        }
    }
}

/// [`visible`], without spaces around it: at the beginning of a line they would make a block of code.
fn one_line(text: &str) -> String {
    visible(text).trim().to_owned()
}

/// On one line, without what steers a terminal or turns the direction of writing.
fn visible(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            char::REPLACEMENT_CHARACTER
        }
        c => c,
    };
    text.chars().map(shown).collect()
}

/// [`escaped_inside`], and what makes a block of another kind at the beginning of a line.
fn escaped(text: &str) -> String {
    let inside = escaped_inside(text);
    match mark_of_a_block(&inside) {
        Some(at) => format!("{}\\{}", &inside[..at], &inside[at..]),
        None => inside,
    }
}

/// Where a line has the sign that makes it something else than a paragraph.
fn mark_of_a_block(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let run = |signs: &[char]| line.len() - line.trim_start_matches(signs).len();
    let alone = |length: usize| line[length..].chars().next().is_none_or(char::is_whitespace);
    match first {
        // A heading; a list.
        '#' | '+' | '-' if alone(run(&[first])) => Some(0),
        // An underline that makes a heading of the line above.
        '=' if alone(run(&['='])) && run(&['=', ' ']) == line.len() => Some(0),
        // An ordered list.
        '0'..='9' => {
            let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            (line[digits..].starts_with(['.', ')']) && alone(digits + 1)).then_some(digits)
        }
        _ => None,
    }
}

/// Everything that means something within a line. `<`, `>` and `&` become entities, so that not even a reader that knows
/// no backslashes sees HTML in them.
fn escaped_inside(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Inside of a word an underscore is no emphasis, and `module_crashed` stays readable.
            '_' if word(before) && word(rest.peek().copied()) => out.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '^' | '$' => out.extend(['\\', c]),
            // Addresses become links by themselves.
            ':' if rest.peek() == Some(&'/') => out.push_str("\\:"),
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("\\."),
            '@' => out.push_str("\\@"),
            c => out.push(c),
        }
        before = Some(c);
    }
    out
}

/// A path as the target of a link: everything but letters, digits and a few signs in per cent (RFC 3986, 2.1).
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'#' => {
                out.push(char::from(byte));
            }
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Inline::text(text).0, expected);
    }

    #[test]
    fn what_means_something_in_markdown_is_escaped() {
        check("a | b", "a \\| b");
        check("`rm -rf`", "\\`rm -rf\\`");
        check("[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))");
        check("![x](y)", "!\\[x\\](y)");
        check("<script>&copy;", "&lt;script&gt;&amp;copy;");
        check("**b** ~~s~~ $m$", "\\*\\*b\\*\\* \\~\\~s\\~\\~ \\$m\\$");
        check("c:\\d", "c:\\\\d");
        check(
            "see http://evil.example and WWW.evil.example",
            "see http\\://evil.example and WWW\\.evil.example",
        );
        check("@everybody", "\\@everybody");
    }

    #[test]
    fn names_with_underscores_stay_readable() {
        check("module_crashed", "module_crashed");
        check("_emphasis_", "\\_emphasis\\_");
    }

    #[test]
    fn what_makes_a_block_at_the_beginning_is_escaped_there_only() {
        check("# no heading # here", "\\# no heading # here");
        check("- no item - here", "\\- no item - here");
        check("12. no item 12. here", "12\\. no item 12. here");
        check("1) no item", "1\\) no item");
        check("12 of 13", "12 of 13");
        check("===", "\\===");
        check("---", "\\---");
        check("= 0", "= 0");
        check("-1 and +2 and #3", "-1 and +2 and #3");
        check("66.7 %", "66.7 %");
    }

    #[test]
    fn everything_stays_on_one_line_and_nothing_turns_its_direction() {
        check("a\nb\r\n| c\u{2028}d", "a b  \\| c d");
        check("\u{1b}[31mred\u{7}", "\u{fffd}\\[31mred\u{fffd}");
        check("a\u{202e}b\u{2066}c", "a\u{fffd}b\u{fffd}c");
        // Groups of digits are apart by a narrow space, which is no control character.
        check("12\u{202f}345", "12\u{202f}345");
    }

    #[test]
    fn a_fence_is_longer_than_any_in_its_text() {
        let mut document = Document::default();
        document.code("a ```` b");
        assert_eq!(document.into_text(), "`````text\na ```` b\n`````\n");
    }

    #[test]
    fn a_link_goes_nowhere_else() {
        assert_eq!(Inline::link("a]b", "my run/(1)|x.html").0, "[a\\]b](my%20run/%281%29%7Cx.html)");
        assert_eq!(Inline::image("x", "javascript:y").0, "![x](javascript%3Ay)");
    }

    #[test]
    fn blocks_are_apart_by_an_empty_line() {
        let mut document = Document::default();
        document.heading(2, "H");
        document.items([]);
        document.paragraph(&Inline::text("a").and(&Inline::bold(" b ")));
        document.table(&[("x".to_owned(), Align::Right)], [vec![Inline::text("1 | 2")]]);
        document.items([Inline::join([Inline::text("a"), Inline::text("b")], ", ")]);
        assert_eq!(document.into_text(), "## H\n\na**b**\n\n| x |\n| ---: |\n| 1 \\| 2 |\n\n- a, b\n");
    }
}
