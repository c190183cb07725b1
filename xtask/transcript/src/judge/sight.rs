//! What a legal output shows of the `seen` rules.

use super::rules::STEPS_PER_LINE;
use super::search::search;
use super::table::Table;
use crate::budget::{Budget, Exhausted};
use crate::model::{Number, Rule, SeenRule, Tally};

/// What a legal output shows of a `seen` rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sight {
    Satisfied,
    /// Something else: how far the two sides are apart, and what they were: `{total} was 20`.
    Other {
        distance: Number,
        was: String,
    },
    /// Nothing: the output has no value that the rule compares.
    Nothing,
}

/// For each `seen` rule, what the output shows of it, read as `bound` says or in another legal way. Beyond the budget
/// it shows nothing: the output is legal all the same.
pub(super) fn sights(table: &Table<'_>, bound: &[u32], budget: &Budget<'_>) -> Vec<Sight> {
    let sight = |seen: &SeenRule| {
        let rule = &seen.rule;
        let sight = sight(table, rule, bound, budget).unwrap_or(Sight::Nothing);
        // The values may have other names if other events claim the lines. The lines are the same.
        let is_open = matches!(sight, Sight::Other { .. }) && rule.variables().next().is_some();
        match is_open && satisfied_otherwise(table, rule, budget).unwrap_or(false) {
            true => Sight::Satisfied,
            false => sight,
        }
    };
    table.transcript.seen.iter().map(sight).collect()
}

fn sight(
    table: &Table<'_>,
    rule: &Rule,
    bound: &[u32],
    budget: &Budget<'_>,
) -> Result<Sight, Exhausted> {
    let value = |variable| table.number(bound, variable);
    let mut tally = Tally::new(std::slice::from_ref(rule));
    for line in &table.lines {
        budget.spend(STEPS_PER_LINE)?;
        tally.count(0, rule, line);
    }
    let values = match tally.shows(0, rule, value) {
        Ok(()) => return Ok(Sight::Satisfied),
        Err(None) => return Ok(Sight::Nothing),
        Err(Some(values)) => values,
    };
    let (left, right) = rule.sides(&values, table.lines.iter().copied(), value);
    let (left_text, right_text) = rule.texts_of_sides();
    let mut was = format!("{left_text} was {left}");
    if !rule.is_plain() {
        was += &format!(" and {right_text} was {right}");
    }
    if let Some(with) = rule.turn_and(&values) {
        was += &format!(" with {with}");
    }
    let distance = if left < right { right - left } else { left - right };
    Ok(Sight::Other { distance, was })
}

/// Whether there is any legal way to read the output so that it satisfies the rule.
fn satisfied_otherwise(
    table: &Table<'_>,
    rule: &Rule,
    budget: &Budget<'_>,
) -> Result<bool, Exhausted> {
    let demanding = table.transcript.demanding(rule);
    let table = Table::new(&demanding, table.lines.clone(), budget)?;
    let found = search(&table, budget)?;
    let shows = |bound: &[u32]| sight(&table, rule, bound, budget);
    Ok(found.map(|found| shows(&found.bound)).transpose()? == Some(Sight::Satisfied))
}
