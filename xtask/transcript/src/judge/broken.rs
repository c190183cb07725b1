//! All constraints that an output breaks, also those that a report leaves out.

use std::collections::BTreeSet;

use super::assign::Assignment;
use super::rules::BrokenRule;
use super::stray::Strays;
use super::table::Table;
use crate::model::Constraint;

/// The first and the last line of each event that has one.
pub(super) fn spans(assignment: &Assignment) -> Vec<Option<(usize, usize)>> {
    let mut spans: Vec<Option<(usize, usize)>> = vec![None; assignment.line_of.len()];
    for (line, event) in assignment.event_of.iter().enumerate() {
        if let Some(event) = event {
            let span = spans[*event].get_or_insert((line, line));
            span.1 = line;
        }
    }
    spans
}

pub(super) fn broken(
    table: &Table<'_>,
    assignment: &Assignment,
    rules: &[BrokenRule],
    strays: &Strays<'_>,
) -> Vec<Constraint> {
    let transcript = table.transcript;
    let mut broken = BTreeSet::new();
    for line in broken_arrows(table, assignment) {
        broken.insert(transcript.arrow_constraint(line));
    }
    for rule in rules {
        broken.insert(transcript.rule_constraint(rule.rule_line));
    }
    broken.extend(strays.constraints());
    broken.into_iter().collect()
}

/// The source lines of the arrows that are broken: an event below the arrow came before an event above it.
fn broken_arrows(table: &Table<'_>, assignment: &Assignment) -> Vec<usize> {
    let transcript = table.transcript;
    let order = &transcript.order;
    let spans = spans(assignment);
    // For each event: the last output line of its lane's events up to this one, and the first output line from this one
    // on.
    let lasts: Vec<Vec<Option<usize>>> = order
        .lanes
        .iter()
        .map(|lane| {
            let mut last = None;
            lane.iter()
                .map(|&event| {
                    last = last.max(spans[event].map(|span| span.1));
                    last
                })
                .collect()
        })
        .collect();
    let firsts: Vec<Vec<Option<usize>>> = order
        .lanes
        .iter()
        .map(|lane| {
            let mut first: Option<usize> = None;
            let mut firsts: Vec<_> = lane
                .iter()
                .rev()
                .map(|&event| {
                    first = first.into_iter().chain(spans[event].map(|span| span.0)).min();
                    first
                })
                .collect();
            firsts.reverse();
            firsts
        })
        .collect();
    let broken = transcript.arrows.iter().filter(|arrow| {
        let split = |lane: usize| order.lanes[lane].partition_point(|&event| event < arrow.above);
        let last = |lane: usize| split(lane).checked_sub(1).and_then(|above| lasts[lane][above]);
        let mut latest: Vec<(usize, usize)> =
            arrow.left.iter().filter_map(|&lane| Some((last(lane)?, lane))).collect();
        // The latest line of another lane is one of the latest two.
        latest.sort_unstable();
        let latest = &latest[latest.len().saturating_sub(2)..];
        arrow.right.iter().any(|&lane| {
            let first = firsts[lane].get(split(lane)).copied().flatten();
            first.is_some_and(|first| {
                latest.iter().any(|&(last, other)| other != lane && last > first)
            })
        })
    });
    broken.map(|arrow| arrow.line).collect()
}
