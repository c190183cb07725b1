//! A quick test before the search: outputs that are illegal in any order.

use super::table::Table;
use crate::budget::{Budget, Exhausted};
use crate::model::Times;

/// The first and the last line that an event can claim; the last is -1 for an event that cannot occur.
type Window = (isize, isize);

/// The last line that each event can claim, or `None` if the output is hopeless.
///
/// An event comes after everything that must precede it, and at a line that fits it. Within these bounds each certain
/// event needs a line of its own (a bipartite matching), and each line needs an event.
pub(crate) fn latest(
    table: &Table<'_>,
    budget: &Budget<'_>,
) -> Result<Option<Vec<isize>>, Exhausted> {
    let events = &table.transcript.events;
    let certain = (0..events.len()).filter(|&event| table.certain(event)).count();
    let most = if events.iter().any(|event| event.times == Times::Many) {
        usize::MAX
    } else {
        events.len()
    };
    if !(certain..=most).contains(&table.lines.len()) {
        return Ok(None);
    }
    let Some(windows) = windows(table, budget)? else {
        return Ok(None);
    };
    let matches = matching(table, &windows, budget)?;
    Ok(matches.then(|| windows.into_iter().map(|window| window.1).collect()))
}

fn windows(table: &Table<'_>, budget: &Budget<'_>) -> Result<Option<Vec<Window>>, Exhausted> {
    let order = &table.transcript.order;
    let events = table.transcript.events.len();
    let last = table.lines.len() as isize - 1;
    let step = |event: usize| isize::from(table.certain(event));
    // How many certain events each lane has up to a place in it.
    let certain: Vec<Vec<isize>> = order
        .lanes
        .iter()
        .map(|lane| {
            let mut sum = 0;
            let up_to = lane.iter().map(|&event| {
                sum += step(event);
                sum
            });
            [0].into_iter().chain(up_to).collect()
        })
        .collect();
    // The last event of each lane that must come earlier, and its place in the lane.
    let before = |event: usize| {
        let needs = order.needs[event].iter().enumerate().filter(|(_, need)| **need > 0);
        needs.map(|(lane, &need)| (order.lanes[lane][need as usize - 1], lane, need as usize))
    };
    let mut windows = vec![(0, last); events];
    for event in 0..events {
        budget.spend(order.lanes.len())?;
        let count: isize = before(event).map(|(_, lane, need)| certain[lane][need]).sum();
        let after = before(event).map(|(other, ..)| windows[other].0 + step(other));
        windows[event].0 = after.fold(count, isize::max);
        if table.certain(event) {
            let fitting = table.fitting(event);
            let from = fitting.partition_point(|&line| (line as isize) < windows[event].0);
            let Some(&first) = fitting.get(from) else { return Ok(None) };
            windows[event].0 = first as isize;
        }
    }
    for event in (0..events).rev() {
        budget.spend(order.lanes.len())?;
        if table.certain(event) {
            let fitting = within(table, event, windows[event]);
            let Some(&last) = fitting.last() else { return Ok(None) };
            windows[event].1 = last as isize;
        }
        let end = windows[event].1 - step(event);
        for (other, ..) in before(event) {
            windows[other].1 = windows[other].1.min(end);
        }
    }
    Ok(Some(windows))
}

/// The lines in a window that an event can claim.
fn within<'t>(table: &'t Table<'_>, event: usize, (from, to): Window) -> &'t [usize] {
    let fitting = table.fitting(event);
    let start = fitting.partition_point(|&line| (line as isize) < from);
    let end = fitting.partition_point(|&line| line as isize <= to);
    &fitting[start..end.max(start)]
}

/// Pairs certain events with lines, and checks that each line has an event.
fn matching(table: &Table<'_>, windows: &[Window], budget: &Budget<'_>) -> Result<bool, Exhausted> {
    let lines = table.lines.len();
    let mut pairs =
        Pairs { table, windows, budget, claimed_by: vec![None; lines], seen: Vec::new() };
    // Events with the earliest last line choose first, so that few have to move.
    let mut certain: Vec<usize> =
        (0..windows.len()).filter(|&event| table.certain(event)).collect();
    certain.sort_by_key(|&event| windows[event].1);
    for event in certain {
        pairs.seen = vec![false; lines];
        if !pairs.claim(event)? {
            return Ok(false);
        }
    }
    // Optional events can claim the remaining lines.
    let mut claimed: Vec<bool> = pairs.claimed_by.iter().map(Option::is_some).collect();
    for (event, &window) in windows.iter().enumerate() {
        let fitting = within(table, event, window);
        budget.spend(1 + fitting.len() / 8)?;
        fitting.iter().for_each(|&line| claimed[line] = true);
    }
    Ok(claimed.into_iter().all(|claimed| claimed))
}

struct Pairs<'a> {
    table: &'a Table<'a>,
    windows: &'a [Window],
    budget: &'a Budget<'a>,
    claimed_by: Vec<Option<usize>>,
    /// The lines that were tried for the current event.
    seen: Vec<bool>,
}

impl Pairs<'_> {
    /// Gives `event` a line: a free one, or the line of another event, which moves to another line.
    fn claim(&mut self, event: usize) -> Result<bool, Exhausted> {
        let lines = within(self.table, event, self.windows[event]);
        self.budget.spend(1 + lines.len() / 4)?;
        if let Some(&line) = lines.iter().find(|&&line| self.claimed_by[line].is_none()) {
            self.claimed_by[line] = Some(event);
            return Ok(true);
        }
        for &line in lines {
            if !std::mem::replace(&mut self.seen[line], true)
                && let Some(other) = self.claimed_by[line]
                && self.claim(other)?
            {
                self.claimed_by[line] = Some(event);
                return Ok(true);
            }
        }
        Ok(false)
    }
}
