//! The outcomes of all orders, as a table.

use std::fmt::Write;

use super::found::{Found, Outcome, sum};
use super::legal::Legal;
use crate::drawing::width;
use crate::terminal::{
    BAD, FAINT, NOTE, STRONG, counted, counted_many, grouped, indented, paint, wrapped,
};

/// How many outcomes are shown, unless all are asked for.
const SHOWN: usize = 12;

pub(super) fn draw(found: &Found, all: bool) -> String {
    let mut text = format!("{}\n{}\n", paint(STRONG, &found.name), found.sum);
    let all_orders = sum(&found.outcomes);
    let is_shared = all_orders.is_some() && found.outcomes.len() > 1;
    for note in found.notes.iter().map(String::as_str).chain(is_shared.then_some(found.share)) {
        _ = writeln!(text, "{}", paint(FAINT, wrapped(note, width())));
    }
    // What is illegal comes first, then what does not end as it should, and then the most frequent ones.
    let mut outcomes: Vec<&Outcome> = found.outcomes.iter().collect();
    outcomes.sort_by_key(|it| {
        let most = u128::MAX - it.count.unwrap_or(0);
        (it.fault.is_none(), it.notes.is_empty(), most, &it.lines)
    });
    let shown = if all { outcomes.len() } else { SHOWN.min(outcomes.len()) };
    let mut heads = all_orders.map(|_| {
        let heads = format!("{:>10} {:>7}  one of them", format!("{}s", found.unit), "of all");
        paint(FAINT, heads) + "\n"
    });
    for outcome in &outcomes[..shown] {
        text.push('\n');
        text += &heads.take().unwrap_or_default();
        draw_outcome(&mut text, outcome, all_orders);
    }
    let rest = &outcomes[shown..];
    if !rest.is_empty() {
        let more = counted_many(rest.len() as u128, "more outcome");
        let orders = sum(rest.iter().copied());
        let orders = orders
            .map_or(String::new(), |count| format!(" in {}", counted_many(count, found.unit)));
        _ = writeln!(text, "\n{more}{orders}: `--all` shows them");
    }
    if let Some(legal) = &found.legal {
        text.push('\n');
        draw_legal(&mut text, legal, found);
    }
    text
}

fn draw_outcome(text: &mut String, outcome: &Outcome, sum: Option<u128>) {
    let count = outcome.count.zip(sum).map_or(String::new(), |(count, sum)| {
        let share = 100.0 * count as f64 / sum as f64;
        format!("{:>10} {share:>5.1} %  ", grouped(count))
    });
    _ = writeln!(text, "{}", paint(FAINT, format_args!("{count}{}", outcome.replay)));
    for line in &outcome.lines {
        _ = writeln!(text, "    {line}");
    }
    for note in &outcome.notes {
        _ = writeln!(text, "{}", wrapped(&format!("    {note}"), width()));
    }
    if let Some(fault) = &outcome.fault {
        let fault = format!("{} {fault}", paint(BAD, "not legal:"));
        _ = writeln!(text, "{}", indented(&wrapped(&fault, width().saturating_sub(4))));
    }
}

/// What the transcript says about the outcomes.
fn draw_legal(text: &mut String, legal: &Legal, found: &Found) {
    let seen = legal.count.seen(legal.found);
    let all = found.outcomes.len();
    let waived = match legal.claims_time {
        false => String::new(),
        true if legal.found == all => ", apart from its claims about time".to_owned(),
        true => {
            format!(
                ", apart from its claims about time, which {} of {all} keep as well",
                legal.found
            )
        }
    };
    let verdict = match found.faults() {
        0 => format!("each is legal by {}{waived}: {seen}", legal.name),
        faults => {
            let faults = paint(BAD, format_args!("{} not legal", counted(faults, "outcome")));
            format!("{faults} by {}; {seen}", legal.name)
        }
    };
    _ = writeln!(text, "{}", wrapped(&verdict, width()));
    if let Some((why, lines)) = &legal.missing {
        _ = writeln!(text, "{}, for example:", paint(NOTE, why));
        for line in lines {
            _ = writeln!(text, "    {line}");
        }
    }
}
