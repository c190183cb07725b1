//! A text laid out in lines.

use console::{Term, measure_text_width};

use super::document::{Block, Inline, strong};
use super::{table, wrap};
use crate::terminal::{FAINT, PLAIN, STRONG, paint};

/// Longer lines are hard to read.
const MOST: usize = 100;
/// How wide a page is where no terminal says it.
const USUAL: usize = 80;
/// What is in front of a line of code.
const MARGIN: &str = "  ";

/// How many columns a page has: those that `COLUMNS` says, or those of the terminal.
pub(crate) fn columns() -> usize {
    let wanted = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
    wanted.or_else(terminal).filter(|columns| *columns > 0).unwrap_or(USUAL).min(MOST)
}

/// How a text is laid out.
pub(crate) struct Page<'a> {
    pub(crate) columns: usize,
    /// The command that shows what is folded; without one, all of it is shown.
    pub(crate) unfold: Option<&'a str>,
}

impl Page<'_> {
    /// How many columns a line of code has.
    pub(crate) fn code(&self) -> usize {
        self.columns.saturating_sub(MARGIN.len())
    }

    /// The blocks in lines, with an empty line between two of them.
    pub(crate) fn lines(&self, blocks: &[Block]) -> Vec<String> {
        let blocks: Vec<Vec<String>> = blocks.iter().map(|block| self.block(block)).collect();
        blocks.join(&String::new())
    }

    fn block(&self, block: &Block) -> Vec<String> {
        match block {
            Block::Heading(level, text) => self.heading(*level, text),
            Block::Paragraph(text) => wrap::lines(text, self.columns),
            Block::Code(code) => code.lines().map(|line| indented(MARGIN, line)).collect(),
            Block::List(first, items) => self.list(*first, items),
            Block::Table(rows) => table::lines(rows, self.columns),
            Block::Fold(summary, blocks) => self.fold(summary, blocks),
        }
    }

    fn heading(&self, level: usize, text: &[Inline]) -> Vec<String> {
        let mut lines = wrap::lines(&strong(text), self.columns);
        let widest = lines.iter().map(|line| measure_text_width(line)).max();
        let rule = ["═", "─", "┄"][level.clamp(1, 3) - 1];
        lines.push(paint(FAINT, rule.repeat(widest.unwrap_or(0))));
        lines
    }

    fn list(&self, first: Option<u64>, items: &[Vec<Block>]) -> Vec<String> {
        let is_airy = items.iter().any(|item| item.len() > 1);
        let mut lines = Vec::new();
        for (index, item) in items.iter().enumerate() {
            if is_airy && index > 0 {
                lines.push(String::new());
            }
            let marker =
                first.map_or("- ".to_owned(), |first| format!("{}. ", first + index as u64));
            let margin = " ".repeat(marker.len());
            let page = Self { columns: self.columns.saturating_sub(margin.len()), ..*self };
            let item = page.lines(item);
            let margins = [marker.as_str()].into_iter().chain(std::iter::repeat(margin.as_str()));
            lines.extend(margins.zip(&item).map(|(margin, line)| indented(margin, line)));
        }
        lines
    }

    fn fold(&self, summary: &[Inline], blocks: &[Block]) -> Vec<String> {
        let sign = if self.unfold.is_some() { "▸ " } else { "▾ " };
        let mut summary = [&[Inline::new(STRONG, sign)], &strong(summary)[..]].concat();
        let Some(command) = self.unfold else {
            return [wrap::lines(&summary, self.columns), self.lines(blocks)].join(&String::new());
        };
        summary.push(Inline::new(PLAIN, " "));
        summary.push(Inline::new(FAINT, format!("({command})")));
        wrap::lines(&summary, self.columns)
    }
}

fn indented(margin: &str, line: &str) -> String {
    if line.is_empty() { String::new() } else { format!("{margin}{line}") }
}

#[cfg(test)]
mod tests {
    use super::super::document::parse;
    use super::*;

    const TEXT: &str = "\
# A `title` of two lines

1. One

   ```text
   a line of code that is long
   ```

   <details><summary>Answer</summary>

   - two three four five six

   </details>

2. Two
";

    fn shown(unfold: Option<&str>) -> Vec<String> {
        let lines = Page { columns: 16, unfold }.lines(&parse(TEXT, &|_| None)).into_iter();
        lines.map(|line| anstream::adapter::strip_str(&line).to_string()).collect()
    }

    #[test]
    fn a_fold_shows_how_to_unfold_it_or_what_it_holds() {
        let above = [
            "A `title` of two",
            "lines",
            "════════════════",
            "",
            "1. One",
            "",
            "     a line of code that is long",
            "",
        ];
        let folded = ["   ▸ Answer", "   (unfold)", "", "2. Two"];
        let unfolded =
            ["   ▾ Answer", "", "   - two three", "     four five", "     six", "", "2. Two"];
        assert_eq!(shown(Some("unfold")), [&above[..], &folded].concat());
        assert_eq!(shown(None), [&above[..], &unfolded].concat());
    }
}
