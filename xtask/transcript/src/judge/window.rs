//! What no order can save: a quick look before the search.

use super::Table;
use crate::model::Times;

/// The first and the last line that an event can claim; the last is -1 for one that cannot occur.
type Window = (isize, isize);

/// The last line that each event can claim, or `None` if the output is hopeless.
///
/// An event comes after all that must precede it, and at a line that fits it. Then each certain event needs a line
/// of its own within these bounds (a bipartite matching), and each line an event.
pub(crate) fn latest(table: &Table<'_>) -> Option<Vec<isize>> {
    let events = &table.transcript.events;
    let certain = (0..events.len()).filter(|&event| table.certain(event)).count();
    let most = if events.iter().any(|event| event.times == Times::Many) {
        usize::MAX
    } else {
        events.len()
    };
    if !(certain..=most).contains(&table.lines.len()) {
        return None;
    }
    let windows = windows(table)?;
    matching(table, &windows).then(|| windows.into_iter().map(|window| window.1).collect())
}

fn windows(table: &Table<'_>) -> Option<Vec<Window>> {
    let order = &table.transcript.order;
    let events = table.transcript.events.len();
    let last = table.lines.len() as isize - 1;
    let step = |event: usize| isize::from(table.certain(event));
    // The last event of each lane that must come first, with the number of certain ones up to it.
    let before = |event: usize| {
        let needs = order.needs[event].iter().zip(&order.lanes);
        needs.filter(|(need, _)| **need > 0).map(|(&need, lane)| &lane[..need as usize])
    };
    let mut windows = vec![(0, last); events];
    for event in 0..events {
        let count: isize = before(event).flatten().map(|&other| step(other)).sum();
        let after = before(event)
            .map(|lane| lane[lane.len() - 1])
            .map(|other| windows[other].0 + step(other));
        windows[event].0 = after.fold(count, isize::max);
        if table.certain(event) {
            windows[event].0 =
                (windows[event].0..=last).find(|&line| table.fits(event, line as usize))?;
        }
    }
    for event in (0..events).rev() {
        if table.certain(event) {
            let (from, to) = windows[event];
            windows[event].1 = (from..=to).rev().find(|&line| table.fits(event, line as usize))?;
        }
        let end = windows[event].1 - step(event);
        for lane in before(event) {
            let other = lane[lane.len() - 1];
            windows[other].1 = windows[other].1.min(end);
        }
    }
    Some(windows)
}

fn matching(table: &Table<'_>, windows: &[Window]) -> bool {
    let fits = |event: usize, line: usize| {
        (windows[event].0..=windows[event].1).contains(&(line as isize)) && table.fits(event, line)
    };
    let mut claimed_by = vec![None; table.lines.len()];
    let mut certain = (0..windows.len()).filter(|&event| table.certain(event));
    let all_claim = certain.all(|event| {
        let mut seen = vec![false; table.lines.len()];
        claim(event, &fits, windows, &mut claimed_by, &mut seen)
    });
    all_claim
        && (0..table.lines.len()).all(|line| (0..windows.len()).any(|event| fits(event, line)))
}

/// Gives `event` a line, moving others to another one where needed.
fn claim(
    event: usize,
    fits: &impl Fn(usize, usize) -> bool,
    windows: &[Window],
    claimed_by: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    let (from, to) = windows[event];
    for line in from as usize..=to as usize {
        if seen[line] || !fits(event, line) {
            continue;
        }
        seen[line] = true;
        let free =
            claimed_by[line].is_none_or(|other| claim(other, fits, windows, claimed_by, seen));
        if free {
            claimed_by[line] = Some(event);
            return true;
        }
    }
    false
}
