//! A drawing: lines of text with styles.

use std::fmt;

/// The width of a drawing if there is no terminal to ask.
pub const WIDTH: usize = 100;

/// Lines of text with styles. Displayed without the styles.
///
/// ```
/// use transcript::{Style, Timing, Transcript};
///
/// let transcript = Transcript::parse("demo.txt", "a | one\na -> b\nb | two\n")?;
/// let output = "two\none\n";
/// let verdict = transcript.judge(output, Timing::Judged);
/// let drawing = transcript.drawing(output, &verdict, 80);
/// let loud = drawing.paint(|style, text| match style {
///     Style::Fault => text.to_uppercase(),
///     _ => text.to_owned(),
/// });
/// assert_eq!(loud, "    a    b\n▶ 1 │    TWO\n  2 one  │\n");
/// # Ok::<(), transcript::ParseError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    pub(super) lines: Vec<Vec<Span>>,
}

/// A part of a line in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text, without control characters and other marks that a terminal would obey.
    pub text: String,
    /// The style.
    pub style: Style,
}

/// The role of a part of a drawing. The caller chooses its colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// Text, and the bars and arrows of a picture.
    #[default]
    Plain,
    /// The name of a lane, or the title of a section.
    Heading,
    /// Lines that guide the eye, and reasons.
    Faint,
    /// A line of the output that is at fault.
    Fault,
    /// Remarks about what was left out, and warnings.
    Note,
}

impl Drawing {
    /// The lines from top to bottom, each with its parts from left to right.
    ///
    /// ```
    /// let transcript = transcript::Transcript::parse("demo.txt", "a | one\n")?;
    /// assert_eq!(transcript.picture(80).lines()[1][0].text, "│ one");
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn lines(&self) -> &[Vec<Span>] {
        &self.lines
    }

    /// The whole drawing as text, with each part as `paint` returns it.
    ///
    /// ```
    /// use transcript::Style;
    ///
    /// let transcript = transcript::Transcript::parse("demo.txt", "a | one\n")?;
    /// let html = transcript.picture(80).paint(|style, text| match style {
    ///     Style::Heading => format!("<b>{text}</b>"),
    ///     _ => text.to_owned(),
    /// });
    /// assert_eq!(html, "<b>a</b>\n│ one\n");
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn paint(&self, paint: impl Fn(Style, &str) -> String) -> String {
        let mut text = String::new();
        for line in &self.lines {
            line.iter().for_each(|span| text.push_str(&paint(span.style, &span.text)));
            text.push('\n');
        }
        text
    }

    pub(super) fn line(&mut self, spans: impl IntoIterator<Item = (Style, String)>) {
        let spans = spans.into_iter().filter(|(_, text)| !text.is_empty());
        self.lines.push(spans.map(|(style, text)| Span { text, style }).collect());
    }
}

impl fmt::Display for Drawing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.paint(|_, text| text.to_owned()))
    }
}
