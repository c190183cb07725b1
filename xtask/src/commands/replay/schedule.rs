//! A schedule of an explored program, step by step.

use std::fmt::Write;

use explorer::{Ending, Question, Schedule};

use crate::terminal::{BAD, FAINT, GOOD, STRONG, paint};

pub(super) fn draw(name: &str, schedule: &Schedule) -> String {
    let mut text = format!("{}\n", paint(STRONG, name));
    let thread = |number: u32| {
        schedule.threads.get(number as usize).map_or("", |standing| standing.thread.as_str())
    };
    let names = schedule.threads.iter().map(|standing| standing.thread.chars().count());
    let room = names.max().unwrap_or(0);
    let heads = format!("choice  {:<room$}  line", "thread");
    _ = writeln!(text, "{}", paint(FAINT, heads));
    let mut used = 0;
    for step in &schedule.steps {
        // A step that had to be has no number.
        let choice = if step.choices > used { step.choices.to_string() } else { String::new() };
        used = step.choices;
        let printed = step.printed.as_deref().map(str::trim_end);
        let printed =
            printed.map_or(String::new(), |printed| paint(GOOD, format_args!("  {printed}")));
        let (thread, line) = (thread(step.thread), step.line);
        _ = writeln!(text, "{choice:>6}  {thread:<room$}  {line:>4}  {}{printed}", step.what);
    }
    _ = writeln!(text, "{}", end(schedule));
    for standing in schedule.threads.iter().filter(|standing| !standing.has_ended) {
        let does = if standing.can_go_on { "is about to" } else { "waits for" };
        let (thread, line, next) = (&standing.thread, standing.line, &standing.next);
        let prints = standing.prints.as_deref().map_or("", str::trim_end);
        let row = format!("        {thread:<room$}  {line:>4}  {does} {next}  {prints}");
        _ = writeln!(text, "{}", row.trim_end());
    }
    text
}

/// How the schedule ended, or what the next choice is about.
fn end(schedule: &Schedule) -> String {
    let listed =
        |numbers: &[u32]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match (&schedule.ending, &schedule.question) {
        (Some(Ending::Returned), _) => paint(FAINT, "the program returns"),
        (Some(Ending::Failed(error)), _) => format!("the program fails: {error}"),
        (Some(Ending::Panicked(panic)), _) => {
            format!("{} in line {}: {}", paint(BAD, "main panics"), panic.line, panic.message)
        }
        (Some(Ending::Deadlock(_)), _) => paint(BAD, "deadlock: no thread can go on"),
        (Some(Ending::Endless), _) => paint(BAD, "it was cut off"),
        (None, Some(Question::Thread(numbers))) => {
            format!("the next choice: which thread goes on? {}", listed(numbers))
        }
        (None, Some(Question::Waiter(numbers))) => {
            format!("the next choice: which thread is woken? {}", listed(numbers))
        }
        (None, Some(Question::Store(stores))) => {
            let stores = stores.iter().map(|(number, value)| format!("{number} reads {value}"));
            format!(
                "the next choice: which store is read? {}",
                stores.collect::<Vec<_>>().join(", ")
            )
        }
        (None, None) => String::new(),
    }
}
