//! Which choice leads to the goal.

use transcript::ConstraintKind;

use super::arrows::arrows;
use super::goal::{Goal, Progress, holds};
use super::position::{Outlook, Playable, Position, Task, bracketed};
use crate::exit::Result;
use crate::terminal::{counted_many, grouped};

/// Hints about the next choice, a paragraph each. `never` says why no run reaches the goal.
pub(super) fn hints(
    program: &mut dyn Playable,
    choices: &[usize],
    position: &Position,
    goal: Option<(&Goal, Option<&str>)>,
) -> Result<Vec<String>> {
    if position.end().is_some() {
        return Ok(vec![ended(choices).to_owned()]);
    }
    let Some((goal, never)) = goal else { return attacks(program, choices, position, &|_| false) };
    let helps = match goal {
        Goal::Before(..) if program.is_live() => " No choice helps, unless the program has a flaw.",
        _ => "",
    };
    // Of a flaw that the goal needs, the row of the goal says enough.
    let needs_flaw = matches!(goal, Goal::Breaks(_) | Goal::Illegal);
    let never_hint = never.filter(|_| !needs_flaw).map(|never| format!("{never}.{helps}"));
    let mut hints: Vec<String> = never_hint.into_iter().collect();
    match (position.progress(goal), goal) {
        (Progress::Reached, _) => {
            return Ok(vec!["The goal is reached. You may play on to the end of the run.".into()]);
        }
        (Progress::Missed, _) if never.is_some() => {}
        (Progress::Missed, _) if choices.is_empty() => {
            hints.push("No choice can reach the goal.".to_owned());
        }
        (Progress::Missed, _) => {
            hints.push(
                "No choice can reach the goal now. `u` takes the last choice back.".to_owned(),
            );
        }
        (Progress::Open, Goal::Breaks(wanted)) => {
            hints.extend(attacks(program, choices, position, &|arrow| arrow == wanted)?);
        }
        (Progress::Open, Goal::Illegal) => {
            hints.extend(attacks(program, choices, position, &|_| false)?);
        }
        (Progress::Open, _) => hints.extend(towards(program, choices, position, goal, never)?),
    }
    Ok(hints)
}

/// What is left to do when the run has ended.
pub(super) fn ended(choices: &[usize]) -> &'static str {
    match choices {
        [] => "The run has ended. `q` quits.",
        _ => "The run has ended. `u` takes the last choice back, `n` begins again, `q` quits.",
    }
}

/// How to break an arrow, unless it is known that no schedule does.
fn attacks(
    program: &mut dyn Playable,
    choices: &[usize],
    position: &Position,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>> {
    let none = || vec!["No arrow of the transcript is about the lines that come next.".to_owned()];
    let Some(transcript) = program.transcript() else { return Ok(none()) };
    let constraints = transcript.constraints();
    let of_arrows = constraints.iter().filter(|one| one.kind == ConstraintKind::Arrow);
    let goals: Vec<Goal> = of_arrows.map(|arrow| Goal::Breaks(arrow.text.clone())).collect();
    for goal in &goals {
        match program.outlook(choices, goal)? {
            Some(Outlook { reaching: 0, .. }) => {}
            _ => {
                let hints =
                    program.transcript().map_or(Vec::new(), |it| arrows(it, position, is_wanted));
                return Ok(if hints.is_empty() { none() } else { hints });
            }
        }
    }
    let broken = "No schedule that is left breaks an arrow of the transcript.";
    Ok(if goals.is_empty() { none() } else { vec![broken.to_owned()] })
}

/// Which choices lead to the goal.
fn towards(
    program: &mut dyn Playable,
    choices: &[usize],
    position: &Position,
    goal: &Goal,
    never: Option<&str>,
) -> Result<Vec<String>> {
    match program.outlook(choices, goal)? {
        None => return Ok(by_lines(position, goal)),
        Some(Outlook { reaching: 0, .. }) if never.is_some() => return Ok(Vec::new()),
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
        task.and_then(Task::numbered).unwrap_or_else(|| bracketed(number))
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

const DEADLOCK: &str = "\
Whether there is a deadlock is not known: `cargo xtask orders` looks for one. To try, let each task take what another one \
needs next.";

/// What the next lines of the tasks say about a goal, where nothing else is known.
fn by_lines(position: &Position, goal: &Goal) -> Vec<String> {
    let (wanted, unwanted) = match goal {
        Goal::Prints(part) => (part, None),
        Goal::Before(one, other) => (one, Some(other)),
        Goal::Deadlock => {
            return vec![DEADLOCK.to_owned()];
        }
        Goal::Breaks(_) | Goal::Illegal => return Vec::new(),
    };
    let mut found: Vec<String> = Vec::new();
    // Those that are not to be held.
    let mut wanted_now = Vec::new();
    for task in &position.tasks {
        let now = |part: &str| task.prints.as_ref().is_some_and(|line| holds(line, part));
        let later = |part: &str| task.later.as_ref().is_some_and(|line| holds(line, part));
        let is_unwanted = |is: &dyn Fn(&str) -> bool| unwanted.is_some_and(|part| is(part));
        let Some(name) = task.numbered() else { continue };
        if is_unwanted(&now) {
            found.push(format!(
                "Hold {name}: it would print \"{}\" now.",
                unwanted.map_or("", String::as_str)
            ));
        } else if now(wanted) {
            found.push(format!("{name} prints \"{wanted}\" now."));
            wanted_now.push(name);
        } else if is_unwanted(&later) {
            let unwanted = unwanted.map_or("", String::as_str);
            found.push(format!("Hold {name}: in the usual order, it then prints \"{unwanted}\"."));
        } else if later(wanted) {
            found.push(format!(
                "Let {name} go on: in the usual order, it then prints \"{wanted}\"."
            ));
            wanted_now.push(name);
        }
    }
    found.extend(unwanted.into_iter().flat_map(|text| behind(position, text, &wanted_now)));
    if found.is_empty() {
        found.push(match unwanted {
            Some(unwanted) => {
                format!("No task is at such a line yet. Hold the one that prints \"{unwanted}\".")
            }
            None => format!("No task is at a line with \"{wanted}\" yet."),
        });
    }
    found
}

/// What to hold so that a task that waits does not come to a line with this text.
fn behind(position: &Position, text: &str, wanted: &[String]) -> Vec<String> {
    let waiting = position
        .tasks
        .iter()
        .filter(|task| task.is_blocked && task.later.as_ref().is_some_and(|it| holds(it, text)));
    let hint = |task: &Task| {
        let Task { name, state, .. } = task;
        let held = awaited(position, task);
        let held: Vec<&String> = held.iter().filter(|name| !wanted.contains(name)).collect();
        let held = held.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
        match (held.is_empty(), wanted.is_empty()) {
            (false, _) => Some(format!("Hold {held}: {name} {state}, and then prints \"{text}\".")),
            (true, true) => {
                Some(format!("{name} {state}. As soon as it goes on, it prints \"{text}\"."))
            }
            (true, false) => None,
        }
    };
    waiting.filter_map(hint).collect()
}

/// The tasks for which a task waits, directly or through others, and which can go on.
fn awaited(position: &Position, task: &Task) -> Vec<String> {
    let mut names: Vec<&String> = task.waits_for.iter().collect();
    let mut at = 0;
    while let Some(name) = names.get(at).copied() {
        let others = position.tasks.iter().filter(|other| other.name == *name);
        for other in others.flat_map(|other| &other.waits_for) {
            if !names.contains(&other) {
                names.push(other);
            }
        }
        at += 1;
    }
    let found = position.tasks.iter().filter(|other| names.contains(&&other.name));
    found.filter_map(Task::numbered).collect()
}
