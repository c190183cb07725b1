//! The figures for people: a block for each operation, a line with a bar for each contender.

use std::fmt::Write;

use crate::figure::{Figure, digits};
use crate::measured::Measured;
use crate::operation::{Better, Contender, Operation, Side};
use crate::paint::{BAD, FAINT, GOOD, NOTE, STRONG, bar, paint};

/// The columns to the left of a bar: side, figure, ratio and the gaps between them.
const LEFT: usize = 33;
/// The least room for names and for bars; a narrower terminal breaks the lines.
const NAME: usize = 10;
const BAR: usize = 8;

impl Side {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Python => "python",
            Self::RustPeer => "rust",
            Self::Limit => "limit",
        }
    }
}

impl Operation {
    /// Its name, its description, and the unit of its figures.
    fn heading(&self) -> String {
        let better = match self.better {
            Better::More => "",
            Better::Less => ", less is better",
        };
        let name = paint(STRONG, self.name);
        format!("{name}: {}, in {}{better}\n", self.title, self.unit)
    }

    /// For people: the operation with its contenders and goals, before anything is measured, with colours.
    pub fn describe(&self) -> String {
        let mut text = self.heading();
        let sides = [Side::Ours, Side::Python, Side::RustPeer, Side::Limit];
        for side in sides {
            let names = self.contenders.iter().filter(|contender| contender.side == side);
            let names: Vec<&str> = names.map(|contender| contender.name).collect();
            if !names.is_empty() {
                _ = writeln!(text, "  {:<7} {}", side.name(), names.join("; "));
            }
        }
        if let Some(goal) = self.goal() {
            _ = writeln!(text, "  {:<7} {goal}", "goal");
        }
        text
    }
}

impl Measured {
    /// For people: a line for each contender, with colours, and with bars that fill `width` columns.
    pub fn table(&self, width: usize) -> String {
        let operation = self.operation;
        let longest = operation.contenders.iter().map(|contender| contender.name.chars().count());
        let names = longest.max().unwrap_or(NAME).min(width.saturating_sub(LEFT + BAR)).max(NAME);
        let bars = width.saturating_sub(LEFT + names).max(BAR);
        let most = self.figures.iter().flatten().copied().fold(f64::MIN_POSITIVE, f64::max);
        let ours = self.figure(Side::Ours);

        let mut text = operation.heading();
        for (contender, figure) in operation.contenders.iter().zip(&self.figures) {
            let line = line(contender, figure, ours, most, (names, bars));
            _ = writeln!(text, "{line}");
        }
        if let Some(goal) = operation.goal() {
            let verdict = match self.met() {
                Some(true) => paint(GOOD, "met"),
                Some(false) => paint(BAD, "fell short"),
                None => paint(NOTE, "not judged"),
            };
            _ = writeln!(text, "  goal    {goal}: {verdict}");
        }
        text
    }
}

fn line(
    contender: &Contender,
    figure: &Figure,
    ours: Option<f64>,
    most: f64,
    (names, bars): (usize, usize),
) -> String {
    let side = contender.side.name();
    let name: String = contender.name.chars().take(names).collect();
    match figure {
        Err(reason) => {
            let skipped = paint(NOTE, "skipped");
            format!("  {side:<7} {name:<names$}  {skipped}: {reason}")
        }
        Ok(figure) => {
            let ratio = ours.filter(|_| contender.side != Side::Ours).map(|ours| ours / figure);
            let ratio = ratio.map_or(String::new(), |ratio| format!("{} ×", digits(ratio)));
            let bar = bar(figure / most, bars);
            let style = if contender.side == Side::Ours { GOOD } else { FAINT };
            let bar = paint(style, bar);
            format!("  {side:<7} {name:<names$}  {:>8}  {ratio:>9}  {bar}", short(*figure))
        }
    }
}

/// A figure, short enough for its column: `5.64 k`.
fn short(figure: f64) -> String {
    match figure {
        1e9.. => format!("{} G", digits(figure / 1e9)),
        1e6.. => format!("{} M", digits(figure / 1e6)),
        1e4.. => format!("{} k", digits(figure / 1e3)),
        _ => digits(figure),
    }
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use super::*;
    use crate::operation::OPERATIONS;

    fn lock() -> Measured {
        let operation = OPERATIONS.iter().find(|operation| operation.name == "lock").unwrap();
        let absent = Err("cannot be built".to_owned());
        Measured { operation, figures: vec![Ok(5e7), Ok(1.25e6), absent, Ok(1e8)], noise: None }
    }

    #[test]
    fn a_block_shows_figures_ratios_and_bars() {
        assert_eq!(
            strip_str(&lock().table(53)).to_string(),
            "lock: uncontended lock, in locks/s
  ours    Lock            50.0 M             ████
  python  mp.Lock         1.25 M     40.0 ×  ▏
  rust    parking_lot   skipped: cannot be built
  limit   robust mutex     100 M     0.50 ×  ████████
  goal    at least 0.6 × robust mutex: fell short
"
        );
    }

    #[test]
    fn bars_fill_the_line_and_no_more() {
        for width in [53, 80, 200] {
            let drawing = lock().table(width);
            let drawing = strip_str(&drawing).to_string();
            let longest = drawing.lines().map(|line| line.chars().count()).max();
            assert_eq!(longest, Some(width));
        }
    }

    #[test]
    fn figures_have_three_digits() {
        for (figure, text) in [
            (0.123, "0.12"),
            (12.34, "12.3"),
            (575.4, "575"),
            (5640.0, "5640"),
            (26_000.0, "26.0 k"),
            (2.345e6, "2.35 M"),
            (1.2e9, "1.20 G"),
        ] {
            assert_eq!(short(figure), text);
        }
    }
}
