//! Which choice would break an arrow of the transcript.

use transcript::{Reason, Timing, Transcript};

use super::position::{Position, Task, broken_arrows};
use crate::labels::lanes;

/// The most arrows of which a hint speaks.
const ARROWS: usize = 3;

/// Which choice breaks an arrow now, what has to be held to break one later, and otherwise why that is impossible. An
/// arrow that is wanted may also be about lines that come later, or about tasks that do not exist yet.
pub(super) fn arrows(
    transcript: &Transcript,
    position: &Position,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let so_far = position.verdict.as_ref().map_or(Vec::new(), |verdict| lanes(transcript, verdict));
    let broken = position.broken_arrows();
    let (mut hints, mut reasons) = (Vec::new(), Vec::<String>::new());
    let mut told: Vec<String> = broken.iter().map(|&arrow| arrow.to_owned()).collect();
    // The lane of the line that each task is about to print.
    let mut at_line = Vec::new();
    for (index, task) in position.tasks.iter().enumerate() {
        let Some(text) = &task.prints else { continue };
        let output = format!("{}{text}\n", position.output);
        let verdict = transcript.judge(&output, Timing::Waived);
        let lane = lanes(transcript, &verdict).get(so_far.len()).copied().flatten();
        at_line.push((index, lane));
        for arrow in broken_arrows(&verdict) {
            if !told.iter().any(|other| other == arrow)
                && let Some(name) = task.numbered()
            {
                hints.push(format!("{name} breaks `{arrow}`: \"{text}\" comes too early."));
                told.push(arrow.to_owned());
            }
        }
    }
    let task_of = |lane: usize| {
        let by_line = at_line.iter().find(|(_, other)| *other == Some(lane));
        let by_name = || position.tasks.iter().find(|task| task.lane == Some(lane));
        by_line.map(|(index, _)| &position.tasks[*index]).or_else(by_name)
    };
    for Open { before, after, arrow } in open_arrows(transcript, &so_far, is_wanted) {
        let (first, second) = (task_of(before), task_of(after.0));
        let both_exist = first.is_some() && second.is_some();
        if told.contains(&arrow) || hints.len() == ARROWS || !both_exist && !is_wanted(&arrow) {
            continue;
        }
        let named = match arrow.as_str() {
            "---" => format!("the `---` above \"{}\"", transcript.events()[after.1].text),
            arrow => format!("`{arrow}`"),
        };
        // Why this one is impossible. Another line of the same arrow may be nearer.
        let reason = match second {
            None => {
                let lane = &transcript.lanes()[after.0];
                Some(format!("yet: no task is known to print in `{lane}`"))
            }
            Some(task) => task.is_blocked.then(|| format!("now: {} {}", task.name, task.state)),
        };
        if let Some(reason) = reason {
            let text = format!("No choice can break {named} {reason}.");
            if !reasons.contains(&text) {
                reasons.push(text);
            }
            continue;
        }
        let first = first.map(|task| task.numbered().unwrap_or_else(|| task.name.clone()));
        let second = second.and_then(Task::numbered);
        hints.push(match (first, second) {
            (Some(first), second) => {
                let second = second.unwrap_or_else(|| "the others".to_owned());
                format!("To attack {named}, hold {first}, and let {second} go on.")
            }
            (None, Some(second)) => {
                format!("To attack {named}, let {second} go on, and hold the others.")
            }
            (None, None) => continue,
        });
        told.push(arrow);
    }
    if hints.is_empty() {
        hints.extend(reasons.into_iter().take(ARROWS));
    }
    if hints.iter().any(|hint| hint.contains("`---`")) {
        hints.push(BARRIER.to_owned());
    }
    hints
}

const BARRIER: &str =
    "`---` is a line of the transcript: what is above it is printed before all that is below it.";

/// An arrow whose first line has not come yet.
struct Open {
    /// The lane of the first line.
    before: usize,
    /// The lane of the second line, and its event.
    after: (usize, usize),
    arrow: String,
}

/// The arrows whose first line has not come yet, and whose second line is the next one of its lane, unless the arrow is
/// wanted.
fn open_arrows(
    transcript: &Transcript,
    so_far: &[Option<usize>],
    is_wanted: &dyn Fn(&str) -> bool,
) -> Vec<Open> {
    let events = transcript.events();
    let has_come = |event: usize| {
        let lane = events[event].lane;
        let earlier = events[..event].iter().filter(|other| other.lane == lane).count();
        so_far.iter().filter(|other| **other == Some(lane)).count() > earlier
    };
    let is_next = |event: usize| {
        let lane = events[event].lane;
        let first = (0..events.len()).find(|&other| events[other].lane == lane && !has_come(other));
        first == Some(event)
    };
    let edges = transcript.covering_edges().into_iter();
    let open = edges.filter(|edge| !has_come(edge.before));
    open.filter_map(|edge| match edge.reason {
        Reason::Arrow { text, .. } if is_wanted(&text) || is_next(edge.after) => Some(Open {
            before: events[edge.before].lane,
            after: (events[edge.after].lane, edge.after),
            arrow: text,
        }),
        _ => None,
    })
    .collect()
}
