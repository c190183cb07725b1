//! Why no run of a program reaches a goal.

use transcript::{Reason, Times, Timing, Transcript, Verdict};

use super::goal::{Goal, holds};
use super::position::{Outlook, Playable};
use crate::exit::Result;
use crate::terminal::capitalised;

/// Why no run of the program reaches the goal: `No schedule reaches it`, ``The arrow `child -> parent` forbids this``.
/// None if a run may reach it, or if this is not known.
///
/// # Errors
///
/// The program cannot be asked.
pub(super) fn never(program: &mut dyn Playable, goal: &Goal) -> Result<Option<String>> {
    let outlook = program.outlook(&[], goal)?;
    let usual = program.usual_lines();
    let mut why = program.transcript().and_then(|it| forbids(goal, it, usual));
    if why.is_none() && matches!(outlook, Some(Outlook { reaching: 0, .. })) {
        why = program.outputs()?.and_then(|outputs| lacks(goal, &outputs));
    }
    Ok(match (outlook, why) {
        (Some(Outlook { reaching: 0, .. }), None) => Some("No schedule reaches it".to_owned()),
        (Some(Outlook { reaching: 0, .. }), Some(why)) => {
            Some(format!("No schedule reaches it: {why}"))
        }
        (Some(_), _) | (None, None) => None,
        (None, Some(why)) => Some(capitalised(&why)),
    })
}

/// Why the goal needs a program with a flaw: ``the arrow `child -> parent` forbids this``. None if a legal output may
/// reach it, as far as is known.
fn forbids(goal: &Goal, transcript: &Transcript, usual_lines: Option<&str>) -> Option<String> {
    let (one, other) = match goal {
        Goal::Before(one, other) => (one, other),
        Goal::Breaks(_) | Goal::Illegal => {
            return Some("only a program with a flaw does this".to_owned());
        }
        Goal::Prints(_) | Goal::Deadlock => return None,
    };
    let events = transcript.events();
    let verdict = usual_lines.map(|lines| transcript.judge(lines, Timing::Waived));
    let usual = |event: usize| {
        let Some(Verdict::Accepted(accepted)) = &verdict else { return None };
        let line = accepted.events.iter().position(|its| *its == event)?;
        usual_lines?.lines().nth(line)
    };
    let first = (0..events.len()).filter(|&event| {
        may_hold(&events[event].text, usual(event), one) && !holds(&events[event].text, other)
    });
    // Each line with the first text has to come after a certain one with the second text.
    let reasons: Option<Vec<Reason>> =
        first.map(|event| reason(transcript, event, other)).collect();
    Some(match reasons?.first()? {
        Reason::Lane => "the task prints these lines in the other order".to_owned(),
        Reason::Arrow { text, .. } if text == "---" => {
            "a line `---` of the transcript forbids this".to_owned()
        }
        Reason::Arrow { text, .. } => format!("the arrow `{text}` forbids this"),
    })
}

/// Why none of these outputs, which are all that a program can print, reaches the goal.
fn lacks(goal: &Goal, outputs: &[String]) -> Option<String> {
    let Goal::Before(one, other) = goal else { return None };
    let comes = outputs.iter().any(|output| output.lines().any(|line| holds(line, one)));
    Some(match comes {
        false => format!("no line with \"{one}\" ever comes"),
        true => format!("a line with \"{other}\" always comes first"),
    })
}

/// Why a line that holds the text comes before the event in each legal output. The last arrow on the way counts. None
/// if there is no such line.
fn reason(transcript: &Transcript, event: usize, text: &str) -> Option<Reason> {
    let (events, edges) = (transcript.events(), transcript.covering_edges());
    // Each event that comes before, and the last arrow on the way from it.
    let mut found = vec![(event, Reason::Lane)];
    let mut at = 0;
    while let Some((after, reason)) = found.get(at).cloned() {
        let is_certain = events[after].times == Times::Once && holds(&events[after].text, text);
        if after != event && is_certain {
            return Some(reason);
        }
        for edge in edges.iter().filter(|edge| edge.after == after) {
            if found.iter().all(|(known, _)| *known != edge.before) {
                let is_arrow = matches!(reason, Reason::Arrow { .. });
                let reason = if is_arrow { &reason } else { &edge.reason };
                found.push((edge.before, reason.clone()));
            }
        }
        at += 1;
    }
    None
}

/// Whether a line of an event may hold a part. `event` has the names of values in braces. Values that are numbers in
/// the usual run are numbers in each run; any others may be anything.
fn may_hold(event: &str, usual: Option<&str>, part: &str) -> bool {
    let without_values = digitless(&valueless(event));
    let has_numbers_only = usual.is_some_and(|usual| digitless(usual) == without_values);
    match event.contains('{') {
        false => holds(event, part),
        true if has_numbers_only => without_values.contains(&digitless(part)),
        true => true,
    }
}

/// The text without digits and points: numbers and measured times.
fn digitless(text: &str) -> String {
    text.replace(|character: char| character.is_ascii_digit() || character == '.', "")
}

/// The text without what is in braces.
fn valueless(text: &str) -> String {
    let mut parts = text.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('}').map_or(part, |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str, usual: &[&str], goal: &str) -> Option<String> {
        let transcript = Transcript::parse("t.txt", text).expect("a transcript");
        let goal = Goal::parse(goal, Some(&transcript)).expect("a goal");
        let usual: String = usual.iter().map(|line| format!("{line}\n")).collect();
        forbids(&goal, &transcript, Some(&usual))
    }

    #[test]
    fn an_arrow_may_forbid_a_goal() {
        let text = "child | {c:pid} works\nchild | {c} is done\nchild -> parent\nparent | {c} has ended\n---\nparent | bye\n";
        let usual = ["12 works", "12 is done", "12 has ended", "bye"];
        let arrow = Some("the arrow `child -> parent` forbids this".to_owned());
        for (goal, reason) in [
            ("has ended -> is done", arrow.clone()),
            ("has ended -> works", arrow.clone()),
            ("ended -> done", arrow),
            ("is done -> has ended", None),
            ("is done -> works", Some("the task prints these lines in the other order".to_owned())),
            ("bye -> has ended", Some("the task prints these lines in the other order".to_owned())),
            // Perhaps it is a part of the number.
            ("12 -> is done", None),
            ("no such line -> is done", None),
            ("breaks child -> parent", Some("only a program with a flaw does this".to_owned())),
            ("deadlock", None),
        ] {
            assert_eq!(why(text, &usual, goal), reason, "{goal}");
        }
    }

    #[test]
    fn all_outputs_may_lack_the_goal() {
        let outputs = ["one\ntwo\n", "one\n"].map(str::to_owned);
        for (goal, reason) in [
            ("two -> one", Some("a line with \"one\" always comes first")),
            ("three -> one", Some("no line with \"three\" ever comes")),
            ("prints three", None),
        ] {
            let goal = Goal::parse(goal, None).expect("a goal");
            assert_eq!(lacks(&goal, &outputs).as_deref(), reason, "{goal:?}");
        }
    }

    #[test]
    fn a_line_that_may_not_come_or_differ_forbids_nothing() {
        let text = "a ?| ends\na -> b\nb | begins\n";
        assert_eq!(why(text, &["ends", "begins"], "begins -> ends"), None);
        let barrier = Some("a line `---` of the transcript forbids this".to_owned());
        assert_eq!(why("a | ends\n---\nb | begins\n", &[], "begins -> ends"), barrier);
        let text = "a | {w:word} comes in\na -> b\nb | {v:word} goes\n";
        let usual = ["left comes in", "right goes"];
        // Each value may be anything.
        assert_eq!(why(text, &usual, "right -> left"), None);
        assert_eq!(why(text, &usual, "goes -> left"), None);
        let arrow = Some("the arrow `a -> b` forbids this".to_owned());
        assert_eq!(why(text, &usual, "goes -> comes in"), arrow);
    }
}
