//! The outcomes of all schedules, as a table.

use std::fmt::Write;

use explorer::{Blocked, Ending, FRUITLESS, Incomplete, Outcome, Report, STEPS};

use super::legal::Legal;
use crate::drawing::width;
use crate::terminal::{BAD, FAINT, GOOD, NOTE, STRONG, counted, grouped, indented, paint, wrapped};

/// How many outcomes are shown, unless all are asked for.
const SHOWN: usize = 12;

pub(super) fn draw(name: &str, report: &Report, legal: Option<&Legal>, all: bool) -> String {
    let mut text = format!("{}\n{}\n", paint(STRONG, name), sum(report));
    if report.held_back {
        let note = format!(
            "A thread that waits in a loop looks at most {FRUITLESS} times in a row before another one acts."
        );
        _ = writeln!(text, "{}", paint(FAINT, wrapped(&note, width())));
    }
    let mut order: Vec<usize> = (0..report.outcomes.len()).collect();
    // What is illegal first, then what does not end as it should, and then the most frequent ones.
    let fault = |index: usize| {
        let mut faults = legal.into_iter().flat_map(|legal| &legal.faults);
        faults.find(|(other, _)| *other == index).map(|(_, fault)| fault)
    };
    order.sort_by_key(|index| {
        let outcome = &report.outcomes[*index];
        let ends = outcome.ending == Ending::Returned && outcome.panics.is_empty();
        (fault(*index).is_none(), ends, u128::MAX - outcome.count, &outcome.output)
    });
    let shown = if all { order.len() } else { SHOWN.min(order.len()) };
    for index in &order[..shown] {
        text.push('\n');
        draw_outcome(&mut text, &report.outcomes[*index], report.schedules, fault(*index));
    }
    if shown < order.len() {
        let rest = order[shown..].iter().map(|index| report.outcomes[*index].count).sum();
        let (outcomes, schedules) = (counted(order.len() - shown, "more outcome"), schedules(rest));
        _ = writeln!(text, "\n{outcomes} in {schedules}: `--all` shows them");
    }
    if let Some(legal) = legal {
        text.push('\n');
        draw_legal(&mut text, legal);
    }
    text
}

/// How many schedules there are, and whether these are all.
fn sum(report: &Report) -> String {
    let outcomes = counted(report.outcomes.len(), "outcome");
    let schedules = schedules(report.schedules);
    match report.incomplete {
        None if report.schedules == 1 => "the only schedule".to_owned(),
        None => format!("{}: {outcomes}", paint(GOOD, format_args!("all {schedules}"))),
        Some(why) => {
            let why = match why {
                Incomplete::Schedules | Incomplete::Time => "stopped after",
                Incomplete::Steps => "not all, because some were cut off:",
            };
            format!("{} {schedules}: {outcomes} so far", paint(NOTE, why))
        }
    }
}

fn schedules(count: u128) -> String {
    match count {
        1 => "1 schedule".to_owned(),
        u128::MAX => format!("more than {} schedules", grouped(count)),
        count => format!("{} schedules", grouped(count)),
    }
}

fn draw_outcome(text: &mut String, outcome: &Outcome, all: u128, fault: Option<&String>) {
    let share = 100.0 * outcome.count as f64 / all as f64;
    let replay: Vec<String> = outcome.replay.iter().map(ToString::to_string).collect();
    let replay =
        if replay.is_empty() { String::new() } else { format!("  --replay {}", replay.join(",")) };
    let head = format!("{:>10} {share:>5.1} %{replay}", grouped(outcome.count));
    _ = writeln!(text, "{}", paint(FAINT, head));
    for line in outcome.output.lines() {
        _ = writeln!(text, "    {line}");
    }
    for line in ending(outcome) {
        _ = writeln!(text, "{}", wrapped(&format!("    {line}"), width()));
    }
    if let Some(fault) = fault {
        let fault = format!("{} {fault}", paint(BAD, "not legal:"));
        _ = writeln!(text, "{}", indented(&wrapped(&fault, width().saturating_sub(4))));
    }
}

/// What happened apart from what was printed.
fn ending(outcome: &Outcome) -> Vec<String> {
    let panicked = outcome.panics.iter().map(|panic| {
        format!(
            "{} {} in line {}: {}",
            panic.thread,
            paint(NOTE, "panicked"),
            panic.line,
            panic.message
        )
    });
    let mut lines: Vec<String> = panicked.collect();
    match &outcome.ending {
        Ending::Returned => {}
        Ending::Failed(error) => lines.push(format!("{}: {error}", paint(NOTE, "failed"))),
        Ending::Panicked(panic) => {
            let (what, line) = (paint(BAD, "panicked"), panic.line);
            lines.push(format!("main {what} in line {line}: {}", panic.message));
        }
        Ending::Endless => {
            lines.push(format!("{} after {STEPS} steps", paint(BAD, "cut off")));
        }
        Ending::Deadlock(blocked) => {
            lines.push(paint(BAD, "deadlock"));
            lines.extend(blocked.iter().map(stuck));
        }
    }
    lines
}

/// `left holds lock a (line 20), and waits in line 24 for lock b, which right holds`.
fn stuck(blocked: &Blocked) -> String {
    let Blocked { thread, line, wants, waits_for, holds } = blocked;
    let held: Vec<String> =
        holds.iter().map(|held| format!("{} (line {})", held.lock, held.line)).collect();
    let held =
        if held.is_empty() { String::new() } else { format!(" holds {}, and", held.join(", ")) };
    let has = if wants.starts_with("the end of") || waits_for.is_empty() {
        String::new()
    } else {
        format!(", which {} holds", waits_for.join(", "))
    };
    format!("{thread}{held} waits in line {line} for {wants}{has}")
}

/// What the transcript says about the outcomes.
fn draw_legal(text: &mut String, legal: &Legal) {
    let seen = legal.count.seen(legal.found);
    let verdict = match legal.failures() {
        0 => format!("each is legal by {}: {seen}", legal.name),
        faults => {
            let faults = paint(BAD, format_args!("{} not legal", counted(faults, "outcome")));
            format!("{faults} by {}; {seen}", legal.name)
        }
    };
    _ = writeln!(text, "{}", wrapped(&verdict, width()));
    if let Some(never) = &legal.never {
        _ = writeln!(text, "{}, for example:", paint(NOTE, "legal, and never printed"));
        for line in never {
            _ = writeln!(text, "    {line}");
        }
    }
}
