//! Which choice leads to the goal, and which one would break an arrow.

use transcript::{ConstraintKind, Reason, Timing, Transcript};

use super::goal::{Goal, Progress, holds};
use super::position::{Outlook, Playable, Position, Task, broken_arrows, key, lanes};
use crate::exit::Result;
use crate::terminal::{counted_many, grouped};

/// The most arrows of which a hint speaks.
const ARROWS: usize = 6;

/// Hints about the next choice, a paragraph each.
pub(super) fn hints(
    program: &mut dyn Playable,
    choices: &[usize],
    position: &Position,
    goal: Option<&Goal>,
) -> Result<Vec<String>> {
    if position.end().is_some() {
        return Ok(vec![ended(choices).to_owned()]);
    }
    let mut hints = match goal.map(|goal| (goal, position.progress(goal))) {
        Some((goal, Progress::Open)) => towards(program, choices, position, goal)?,
        Some((_, Progress::Reached)) => {
            vec!["The goal is reached. You may play on to the end of the run.".to_owned()]
        }
        Some((_, Progress::Missed)) if choices.is_empty() => {
            vec!["No choice can reach the goal.".to_owned()]
        }
        Some((_, Progress::Missed)) => {
            vec!["No choice can reach the goal now. `u` takes the last choice back.".to_owned()]
        }
        None => Vec::new(),
    };
    hints.extend(attacks(program, choices, position, goal)?);
    if hints.is_empty() {
        hints.push("No arrow of the transcript is about the lines that come next.".to_owned());
    }
    Ok(hints)
}

/// What is left to do when the run has ended.
pub(super) fn ended(choices: &[usize]) -> &'static str {
    match choices {
        [] => "The run has ended. `q` quits.",
        _ => "The run has ended. `u` takes the last choice back, `q` quits.",
    }
}

/// How to break an arrow, unless it is known that no schedule does.
fn attacks(
    program: &mut dyn Playable,
    choices: &[usize],
    position: &Position,
    goal: Option<&Goal>,
) -> Result<Vec<String>> {
    let wanted = match goal {
        Some(Goal::Breaks(arrow)) => Some(arrow.as_str()),
        _ => None,
    };
    let Some(transcript) = program.transcript() else { return Ok(Vec::new()) };
    let constraints = transcript.constraints();
    let of_arrows = constraints.iter().filter(|one| one.kind == ConstraintKind::Arrow);
    let goals: Vec<Goal> = of_arrows.map(|arrow| Goal::Breaks(arrow.text.clone())).collect();
    for goal in &goals {
        match program.outlook(choices, goal)? {
            Some(Outlook { reaching: 0, .. }) => {}
            _ => {
                let transcript = program.transcript();
                return Ok(transcript.map_or(Vec::new(), |it| arrows(it, position, wanted)));
            }
        }
    }
    let none = "No schedule that is left breaks an arrow of the transcript.";
    Ok(if goals.is_empty() { Vec::new() } else { vec![none.to_owned()] })
}

/// Which choices lead to the goal.
fn towards(
    program: &mut dyn Playable,
    choices: &[usize],
    position: &Position,
    goal: &Goal,
) -> Result<Vec<String>> {
    match program.outlook(choices, goal)? {
        None => return Ok(by_lines(position, goal)),
        Some(Outlook { reaching: 0, .. }) => {
            return Ok(vec!["No schedule that is left reaches the goal.".to_owned()]);
        }
        Some(Outlook { reaching, all }) if reaching == all => {
            return Ok(vec!["Every schedule that is left reaches the goal.".to_owned()]);
        }
        Some(_) => {}
    }
    let mut hints = Vec::new();
    let named = |number: usize| {
        let task = position.tasks.iter().find(|task| task.number == Some(number));
        task.and_then(Task::numbered).unwrap_or_else(|| key(number))
    };
    for &number in position.numbers() {
        let task = named(number);
        let longer: Vec<usize> = choices.iter().copied().chain([number]).collect();
        let Some(Outlook { reaching, all }) = program.outlook(&longer, goal)? else {
            hints.push(format!("{task}: there are too many schedules to say."));
            continue;
        };
        hints.push(match reaching {
            0 => format!("{task}: the goal is reached in no schedule."),
            reaching if reaching == all => {
                format!("{task}: the goal is reached in every schedule.")
            }
            _ => format!(
                "{task}: the goal is reached in {} of {}.",
                grouped(reaching),
                counted_many(all, "schedule")
            ),
        });
    }
    Ok(hints)
}

/// What the next lines of the tasks say about a goal, where nothing else is known.
fn by_lines(position: &Position, goal: &Goal) -> Vec<String> {
    let (wanted, unwanted) = match goal {
        Goal::Prints(part) => (part, None),
        Goal::Before(one, other) => (one, Some(other)),
        Goal::Deadlock => {
            return vec![
                "For a deadlock, let each task take what another one needs next.".to_owned(),
            ];
        }
        Goal::Breaks(_) | Goal::Illegal => return Vec::new(),
    };
    let numbered = position.tasks.iter().filter_map(|task| Some((task.numbered()?, task)));
    let hint = |(name, task): (String, &Task)| {
        let now = |part: &String| task.prints.as_ref().is_some_and(|line| holds(line, part));
        let later = |part: &String| task.note.as_ref().is_some_and(|line| holds(line, part));
        if unwanted.is_some_and(now) {
            Some(format!("Hold {name}: it would print \"{}\" now.", unwanted?))
        } else if now(wanted) {
            Some(format!("{name} prints \"{wanted}\" now."))
        } else if unwanted.is_some_and(later) {
            Some(format!("Hold {name}: in another run, it then printed \"{}\".", unwanted?))
        } else if later(wanted) {
            Some(format!("Let {name} go on: in another run, it then printed \"{wanted}\"."))
        } else {
            None
        }
    };
    let found: Vec<String> = numbered.filter_map(hint).collect();
    if found.is_empty() {
        let text = match unwanted {
            Some(unwanted) => {
                format!("No task is at such a line yet. Hold the one that prints \"{unwanted}\".")
            }
            None => format!("No task is at a line with \"{wanted}\" yet."),
        };
        return vec![text];
    }
    found
}

/// Which choice breaks an arrow now, what has to be held to break one later, and why it may be impossible. An arrow that
/// is `wanted` may also be about lines that come later.
fn arrows(transcript: &Transcript, position: &Position, wanted: Option<&str>) -> Vec<String> {
    let so_far = position.verdict.as_ref().map_or(Vec::new(), |verdict| lanes(transcript, verdict));
    let broken = position.broken_arrows();
    let mut hints = Vec::new();
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
                hints.push(format!("{name} breaks {}: \"{text}\" comes too early.", named(arrow)));
                told.push(arrow.to_owned());
            }
        }
    }
    let task_of = |lane: usize| {
        let by_line = at_line.iter().find(|(_, other)| *other == Some(lane));
        let by_name = || position.tasks.iter().find(|task| task.lane == Some(lane));
        by_line.map(|(index, _)| &position.tasks[*index]).or_else(by_name)
    };
    for (before, after, arrow) in open_arrows(transcript, &so_far, wanted) {
        if told.contains(&arrow) || hints.len() == ARROWS {
            continue;
        }
        let name = |lane: usize| transcript.lanes()[lane].clone();
        let held = task_of(before).map_or_else(
            || name(before),
            |task| task.numbered().unwrap_or_else(|| task.name.clone()),
        );
        hints.push(match task_of(after).map(|task| (task, task.numbered())) {
            Some((task, _)) if task.is_blocked => {
                format!(
                    "No choice can break {name} now: {} {}.",
                    task.name,
                    task.state,
                    name = named(&arrow)
                )
            }
            Some((_, Some(task))) => {
                format!("To attack {}, hold {held}, and let {task} go on.", named(&arrow))
            }
            _ => format!("To attack {}, hold {held}, and let the others go on.", named(&arrow)),
        });
        told.push(arrow);
    }
    hints
}

fn named(arrow: &str) -> String {
    if arrow == "---" { "the barrier".to_owned() } else { format!("`{arrow}`") }
}

/// The arrows whose first line has not come yet, and whose second line is the next one of its lane: the lanes of both.
fn open_arrows(
    transcript: &Transcript,
    so_far: &[Option<usize>],
    wanted: Option<&str>,
) -> Vec<(usize, usize, String)> {
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
        Reason::Arrow { text, .. } if wanted == Some(&text) || is_next(edge.after) => {
            Some((events[edge.before].lane, events[edge.after].lane, text))
        }
        _ => None,
    })
    .collect()
}
