//! What is known about a run from where it is.

use super::*;

fn position(tasks: &[(&str, Option<usize>)]) -> Position {
    let task = |(name, number): &(&str, Option<usize>)| Task {
        name: (*name).to_owned(),
        number: *number,
        state: String::new(),
        holds: String::new(),
        is_blocked: number.is_none(),
        waits_for: Vec::new(),
        prints: None,
        note: None,
        later: None,
        lane: None,
    };
    Position {
        output: String::new(),
        authors: Vec::new(),
        verdict: None,
        earlier: Vec::new(),
        made: Vec::new(),
        tasks: tasks.iter().map(task).collect(),
        left: None,
        next: Next::Choice { question: "Which task goes on?", numbers: Vec::new() },
    }
}

#[test]
fn only_tasks_with_a_number_can_be_chosen() {
    assert_eq!(position(&[("a", None), ("b", Some(1))]).numbered(), "[1] b");
}

#[test]
fn a_task_may_get_another_name() {
    let before = position(&[("a", Some(0)), ("b", Some(1)), ("c", None), ("d", Some(4))]);
    let after = position(&[("a (4711)", Some(0)), ("c", Some(1)), ("b", Some(3)), ("e", None)]);
    assert_eq!(after.renamed(&before), ["[1] c"]);
}

#[test]
fn a_goal_is_reached_with_a_line() {
    let mut position = position(&[]);
    position.output = "one\ntwo\nthree\n".to_owned();
    position.authors = vec!["a".to_owned(); 3];
    let goal = Goal::Prints("two".to_owned());
    assert_eq!(position.reached_with(&goal, None), Some(2));
    assert_eq!(position.reached_with(&Goal::Prints("four".to_owned()), None), None);
    let made = |how, printed| Made { how, text: String::new(), printed };
    position.made = vec![made(How::Chosen, 8)];
    assert!(position.after_line(2, None).is_none(), "no move follows");
    position.made.extend([made(How::Follows, 8), made(How::Forced, 14)]);
    let moment = position.after_line(2, None).expect("a move follows");
    assert_eq!((moment.output.as_str(), moment.made.len()), ("one\ntwo\n", 1));
    assert_eq!(moment.progress(&goal), Progress::Reached);
}
