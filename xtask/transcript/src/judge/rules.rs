//! Which rules an output breaks.

use super::table::Table;
use crate::budget::{Budget, Exhausted};
use crate::model::Tally;

/// A rule that does not hold.
pub(super) struct BrokenRule {
    /// Its line in the file, from 1.
    pub(super) rule_line: usize,
    /// The line of the output, from 0, at which it was first broken; none if it failed at the end.
    pub(super) output_line: Option<usize>,
    pub(super) message: String,
}

/// What it costs to judge a line by a rule, in steps of a budget.
pub(super) const STEPS_PER_LINE: usize = 20;
const BYTES_PER_STEP: usize = 8;

/// The rules that the lines break, in the order of the file. If `bound` is none, only rules that need no values.
pub(super) fn broken_rules(
    table: &Table<'_>,
    bound: Option<&[u32]>,
    budget: &Budget<'_>,
) -> Result<Vec<BrokenRule>, Exhausted> {
    let value = |variable| bound.and_then(|bound| table.number(bound, variable));
    let mut broken = Vec::new();
    for rule in &table.transcript.rules {
        let alone = [rule.clone()];
        let mut tally = Tally::new(&alone);
        let mut early = None;
        for (line, text) in table.lines.iter().enumerate() {
            budget.spend(STEPS_PER_LINE + text.len() / BYTES_PER_STEP)?;
            if let Err(found) = tally.line(&alone, text) {
                early = Some((line, found));
                break;
            }
        }
        let (output_line, found, read) = match early {
            Some((line, found)) => (Some(line), found, line + 1),
            None => match tally.end(&alone, value) {
                Ok(()) => continue,
                Err(found) => (None, found, table.lines.len()),
            },
        };
        let what = rule.explain(&found.values, table.lines[..read].iter().copied(), value);
        let message = match output_line {
            Some(line) => format!("at output line {}: {what}", line + 1),
            None => format!("at the end: {what}"),
        };
        broken.push(BrokenRule { rule_line: rule.line, output_line, message });
    }
    // A loop writes a rule out once for each turn.
    broken.sort_by_key(|broken| broken.rule_line);
    Ok(broken)
}
