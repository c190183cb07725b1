//! Reads a line as the parts of a text.
//!
//! The work goes from the right end of the line to the left. One row for each part says at which places the remaining
//! parts can be read. So the work grows with the length of the line, and not with the number of ways to divide it.

use super::value::{Kind, SYMBOL, Variable};

/// A piece of a text, as matching sees it.
#[derive(Clone, Copy)]
pub(super) enum Part<'p> {
    Text(&'p str),
    Hole(Hole<'p>),
}

/// What a hole may hold.
#[derive(Clone, Copy)]
pub(super) enum Hole<'p> {
    /// A value of a kind.
    Kind(&'p Kind),
    /// A value of a variable, within its bound.
    Variable(&'p Variable),
}

/// `rows[part][at]`: whether byte `at` and what follows can be read as `part` and the parts after it.
pub(super) type Rows = Vec<Vec<bool>>;

/// Whether each hole ends where its run of characters ends, so that a line can be read in only one way. Nearly all
/// texts are like this.
pub(super) fn ends_are_clear(parts: &[Part<'_>]) -> bool {
    parts.windows(2).all(|pair| match pair {
        [Part::Hole(hole), Part::Text(text)] => !text.starts_with(|c| hole.kind().allows(c)),
        _ => true,
    })
}

/// Whether a line contains these texts one after the other.
pub(super) fn in_order<'t>(mut texts: impl Iterator<Item = &'t str>, line: &str) -> bool {
    let mut rest = line;
    texts.all(|text| match rest.split_once(text) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// The rows of `parts`. `last` is the row after all parts.
pub(super) fn rows(parts: &[Part<'_>], line: &str, last: Vec<bool>) -> Rows {
    let mut rows = vec![last];
    for part in parts.iter().rev() {
        let next = &rows[rows.len() - 1];
        let row = match part {
            Part::Text(text) => text_row(text, line, next),
            Part::Hole(hole) => hole.row(line, next),
        };
        rows.push(row);
    }
    rows.reverse();
    rows
}

fn text_row(text: &str, line: &str, next: &[bool]) -> Vec<bool> {
    let mut row = vec![false; line.len() + 1];
    for (at, _) in line.match_indices(text.chars().next().unwrap_or_default()) {
        row[at] = line[at..].starts_with(text) && next[at + text.len()];
    }
    row
}

impl Hole<'_> {
    pub(super) fn kind(&self) -> &Kind {
        match self {
            Hole::Kind(kind) => kind,
            Hole::Variable(variable) => &variable.kind,
        }
    }

    /// Whether the hole may hold `value`, one of the texts that [`Hole::ends`] proposes.
    pub(super) fn admits(&self, value: &str) -> bool {
        match self.kind() {
            // Any run of characters without a blank is a word: there is no need to read it again.
            Kind::Word => true,
            Kind::Text => value.starts_with(SYMBOL) || !value.ends_with(char::is_whitespace),
            _ => self.takes(value),
        }
    }

    /// How many bytes at the beginning of `text` can be part of a value.
    pub(super) fn run(&self, text: &str) -> usize {
        text.find(|c| !self.kind().allows(c)).unwrap_or(text.len())
    }

    /// Whether the hole may hold the whole text.
    pub(super) fn takes(&self, value: &str) -> bool {
        match self {
            Hole::Kind(kind) => kind.admits(value),
            Hole::Variable(variable) => variable.admits(value),
        }
    }

    /// Where a value that begins at byte `at` may end, from left to right.
    pub(super) fn ends<'l>(
        &self,
        line: &'l str,
        at: usize,
    ) -> impl Iterator<Item = usize> + use<'l, '_> {
        let kind = self.kind();
        let rest = &line[at..];
        // A symbol is read whole, and is a whole value.
        let symbol = rest.len() - rest.trim_start_matches(SYMBOL).len();
        let blank = *kind == Kind::Text && rest.starts_with(char::is_whitespace);
        let most = if blank { 0 } else { kind.longest() };
        let run = rest
            .char_indices()
            .take_while(|&(_, c)| c != SYMBOL && kind.allows(c))
            .map(|(start, c)| start + c.len_utf8())
            .take_while(move |&end| end <= most);
        let symbol = (symbol > 0).then_some(symbol);
        symbol.into_iter().chain(run).map(move |end| at + end)
    }

    fn row(&self, line: &str, next: &[bool]) -> Vec<bool> {
        let mut row = vec![false; line.len() + 1];
        let kind = self.kind();
        // Whether a value that begins here can end anywhere to the right.
        let mut open = false;
        for (at, c) in line.char_indices().rev() {
            let end = at + c.len_utf8();
            row[at] = if c == SYMBOL || kind.longest() < usize::MAX {
                open = false;
                let mut ends = self.ends(line, at).filter(|&end| next[end]);
                kind.allows(c) && ends.any(|end| self.admits(&line[at..end]))
            } else if !kind.allows(c) {
                open = false;
                false
            } else {
                let blank = c.is_whitespace();
                open |= next[end] && !blank;
                open && !blank
            };
        }
        row
    }
}
