//! A description of a transcript, from its command down to its rules.

use unicode_width::UnicodeWidthStr;

use super::drawing::{Drawing, Style};
use crate::model::{Edge, Times, Transcript};
use crate::text::{broken, cut, visible};

/// The most entries of one section that are listed.
const MOST_ENTRIES: usize = 200;

impl Transcript {
    /// What the transcript means, at most `width` columns wide: the number of legal outputs, a picture, then the
    /// events, the order with its reasons, the rules, and the warnings.
    ///
    /// ```
    /// let text = "$ demo\na | one\na -> b\nb | two\n";
    /// let outline = transcript::Transcript::parse("demo.txt", text)?.outline(100).to_string();
    /// assert!(outline.starts_with("demo.txt: $ demo\n"));
    /// assert!(outline.contains("\n   1 before 2    a -> b (line 3)\n"));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn outline(&self, width: usize) -> Drawing {
        let mut outline = Outline { drawing: Drawing::default(), width };
        let command = self.command.join(" ");
        let name = if command.is_empty() {
            self.name.clone()
        } else {
            format!("{}: $ {command}", self.name)
        };
        outline.entry(Style::Plain, &name);
        outline.entry(Style::Plain, &self.legal(self.count()));
        if self.exits != 0 {
            outline.entry(Style::Plain, &format!("ends with exit status {}", self.exits));
        }
        outline.blank();
        outline.drawing.lines.extend(self.picture(width).lines);

        outline.heading("Events: each happens, and nothing else is printed");
        outline.list(self.events.len(), |index| self.event_line(index));

        let edges = self.covering_edges();
        if !edges.is_empty() {
            outline.heading("Order: what comes before what, and why");
            outline.list(edges.len(), |index| {
                let Edge { before, after, reason } = &edges[index];
                let pair = format!("{:>4} before {:<4} ", before + 1, after + 1);
                vec![(Style::Plain, pair), (Style::Faint, reason.to_string())]
            });
        }

        // A loop writes a rule out once for each turn; a reader sees one rule.
        let mut rules: Vec<usize> = self.rules.iter().map(|rule| rule.line).collect();
        rules.dedup();
        if !rules.is_empty() {
            outline.heading("Rules");
            outline.list(rules.len(), |index| {
                let line = rules[index];
                let rule = self.text.lines().nth(line - 1).unwrap_or_default().trim();
                let place = format!("  (line {line})");
                vec![(Style::Plain, format!("      {rule}")), (Style::Faint, place)]
            });
        }
        if !self.seen.is_empty() {
            outline.heading(
                "Seen: over several runs, at least one must satisfy each; a single run need not",
            );
            outline.list(self.seen.len(), |index| {
                let seen = &self.seen[index];
                let place = format!("  (line {})", seen.line());
                let text = format!("      {} in {} runs", seen.condition(), seen.runs());
                vec![(Style::Plain, text), (Style::Faint, place)]
            });
        }
        for lint in self.lint() {
            outline.blank();
            let lint = visible(&format!("warning: {lint}")).into_owned();
            for (index, row) in broken(&lint, width).into_iter().enumerate() {
                let word = if index == 0 { row.find(':').unwrap_or(0) } else { 0 };
                let (word, rest) = row.split_at(word);
                outline
                    .drawing
                    .line([(Style::Note, word.to_owned()), (Style::Plain, rest.to_owned())]);
            }
        }
        outline.drawing
    }

    fn event_line(&self, index: usize) -> Vec<(Style, String)> {
        let widest = self.lanes.iter().map(|lane| lane.width()).max().unwrap_or(0);
        let event = &self.events[index];
        let times = match event.times {
            Times::Once => "|",
            Times::Optional => "?|",
            Times::Many => "*|",
        };
        let lane = &self.lanes[event.lane];
        let gap = " ".repeat(widest - lane.width());
        let text = format!("{:>4}  {lane}{gap} {times} {}", index + 1, visible(&event.text));
        let timing = if event.timing { "  (timing)" } else { "" };
        vec![(Style::Plain, text), (Style::Faint, timing.to_owned())]
    }
}

struct Outline {
    drawing: Drawing,
    width: usize,
}

impl Outline {
    fn blank(&mut self) {
        self.drawing.line([]);
    }

    fn heading(&mut self, text: &str) {
        self.blank();
        self.entry(Style::Heading, text);
    }

    fn entry(&mut self, style: Style, text: &str) {
        self.drawing.line([(style, cut(text, self.width))]);
    }

    fn list(&mut self, count: usize, entry: impl Fn(usize) -> Vec<(Style, String)>) {
        for index in 0..count.min(MOST_ENTRIES) {
            let mut room = self.width;
            let mut spans = Vec::new();
            for (style, text) in entry(index) {
                if room > 0 && !text.is_empty() {
                    let text = cut(&text, room);
                    room = room.saturating_sub(text.width());
                    spans.push((style, text));
                }
            }
            self.drawing.line(spans);
        }
        if count > MOST_ENTRIES {
            self.entry(Style::Note, &format!("… {} more …", count - MOST_ENTRIES));
        }
    }
}
