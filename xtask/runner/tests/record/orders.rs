//! The host of a directed run decides about its order, and sees what it decides about.

use std::collections::BTreeSet;
use std::time::Duration;

use runner::{Act, Choice, Direction, Ending, Launch, View, WaitsFor};

use crate::Test;
use crate::harness::{act, by, direct, output, own, replay, shell};

pub(crate) const TESTS: &[Test] = &[
    ("two_children_print_in_either_order", two_children_print_in_either_order),
    ("two_threads_print_in_either_order", two_threads_print_in_either_order),
    ("a_released_lock_goes_to_any_waiter", a_released_lock_goes_to_any_waiter),
    ("a_lock_changes_hands_after_a_line_if_asked", a_lock_changes_hands_after_a_line_if_asked),
    ("a_new_thread_may_be_first_or_too_late", a_new_thread_may_be_first_or_too_late),
    ("sleeps_end_in_either_order", sleeps_end_in_either_order),
    ("a_socket_times_out_last", a_socket_times_out_last),
    ("a_timeout_is_the_last_resort", a_timeout_is_the_last_resort),
    (
        "those_whose_events_come_at_once_go_on_one_by_one",
        those_whose_events_come_at_once_go_on_one_by_one,
    ),
    ("names_tell_who_made_whom", names_tell_who_made_whom),
    ("what_differs_from_run_to_run_is_neutral", what_differs_from_run_to_run_is_neutral),
    ("equal_states_have_equal_signatures", equal_states_have_equal_signatures),
    ("a_blocked_thread_is_explained", a_blocked_thread_is_explained),
    ("forced_steps_are_recorded_too", forced_steps_are_recorded_too),
    ("a_deadlock_is_noticed_at_once", a_deadlock_is_noticed_at_once),
    ("a_run_in_which_a_sleep_will_end_is_not_stuck", a_run_in_which_a_sleep_will_end_is_not_stuck),
    ("the_host_may_abandon_a_run", the_host_may_abandon_a_run),
];

const CHILDREN: &str = "echo one & echo two & wait; echo end";

fn two_children_print_in_either_order() {
    assert_eq!(output(&replay(shell(CHILDREN), &[0])), "one\ntwo\nend\n");
    assert_eq!(output(&replay(shell(CHILDREN), &[1, 1])), "two\none\nend\n");
    let recording = replay(shell(CHILDREN), &[1, 0, 1]).recording;
    assert_eq!(recording.stdout(), b"two\none\nend\n");
    assert_eq!(recording.ending, Ending::Code(0));
    assert!(own(&recording).is_empty(), "{recording:?}");
}

fn two_threads_print_in_either_order() {
    let outputs = outputs(20, &act("two-threads"), &Direction::default());
    assert_eq!(outputs, ["one\ntwo\nend\n", "two\none\nend\n"].map(str::to_owned).into());
}

/// The outputs of this many runs with random choices.
fn outputs(runs: u64, launch: &Launch, direction: &Direction) -> BTreeSet<String> {
    let run = |seed| {
        let mut rng = fastrand::Rng::with_seed(seed);
        let choose = |view: &View<'_>| Choice::Take(rng.usize(..view.options.len()));
        output(&direct(launch.clone(), direction, choose))
    };
    (0..runs).map(run).collect()
}

fn a_released_lock_goes_to_any_waiter() {
    // The first of the three to print is the first to have the lock.
    let outputs = outputs(20, &act("lockers"), &Direction::default());
    let first: BTreeSet<&str> = outputs.iter().filter_map(|output| output.lines().next()).collect();
    assert_eq!(first.len(), 3, "{outputs:?}");
    for output in outputs {
        let numbers: Vec<&str> =
            output.lines().filter_map(|line| line.split(' ').next_back()).collect();
        assert_eq!(numbers, ["1", "2", "3", "4", "5", "6"], "the lock still excludes");
    }
}

fn a_lock_changes_hands_after_a_line_if_asked() {
    // A thread goes from its line to its next lock without a call that others can notice, unless one of them waits.
    let returns = Direction { returns: true, ..Direction::default() };
    let directed = direct(act("two-threads"), &returns, |_| Choice::Take(0));
    let acts: Vec<Act> = directed.steps.iter().map(|step| step.made.act).collect();
    let prints = acts.iter().filter(|act| **act == Act::Print).count();
    let ends = acts.iter().filter(|act| **act == Act::Return).count();
    assert_eq!((prints, ends), (3, 3), "{acts:?}");
    assert_eq!(output(&directed).lines().count(), 3);
}

const SLEEPERS: &str = "(sleep 0.3; echo slow) & (sleep 0.1; echo fast) & wait";

fn a_new_thread_may_be_first_or_too_late() {
    let outputs = outputs(30, &act("returns"), &Direction::default());
    let all = ["main\n", "main\nthread\n", "thread\nmain\n"].map(str::to_owned);
    assert_eq!(outputs, all.into());
}

fn sleeps_end_in_either_order() {
    let patient = Direction { patience: Duration::from_secs(1), ..Direction::default() };
    let outputs = outputs(8, &shell(SLEEPERS), &patient);
    let both = ["fast\nslow\n", "slow\nfast\n"].map(str::to_owned);
    assert_eq!(outputs, both.into());
}

fn a_socket_times_out_last() {
    for output in outputs(6, &act("receives"), &Direction::default()) {
        assert_eq!(output, "sends\nOk(1)\nno more: WouldBlock after 1 s\n");
    }
}

fn a_timeout_is_the_last_resort() {
    for output in outputs(6, &act("patient"), &Direction::default()) {
        assert_eq!(output, "sends\nOk(())\n");
    }
    let early = Direction { early_timeouts: true, ..Direction::default() };
    let first_timeout = |view: &View<'_>| {
        let timeout = view.options.iter().position(|option| option.act == Act::TimeOut);
        Choice::Take(timeout.unwrap_or_default())
    };
    let output = output(&direct(act("patient"), &early, first_timeout));
    assert!(output.contains("Err(Timeout)"), "{output}");
}

fn those_whose_events_come_at_once_go_on_one_by_one() {
    // The last turn may be told first, but the turns are always the same.
    for output in outputs(10, &act("pollers"), &Direction::default()) {
        let mut lines: Vec<&str> = output.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, ["0 has turn 0", "1 has turn 1"]);
    }
}

fn names_tell_who_made_whom() {
    let directed = replay(shell("(echo a; (echo b); echo c) & (echo d); wait; echo e"), &[0]);
    let printed = directed.steps.iter().filter(|step| step.made.act == Act::Print);
    let printed: BTreeSet<String> =
        printed.map(|step| format!("{} {}", step.made.thread, step.made.text.trim_end())).collect();
    let expected = ["0 e", "0.1 a", "0.1 c", "0.1.1 b", "0.2 d"].map(str::to_owned);
    assert_eq!(printed, expected.into());
    // Its parent ends at once, while the child is held at its beginning.
    let directed = replay(shell("(echo orphan &); sleep 0.01; echo end"), &[0]);
    let orphan = directed.steps.iter().find(|step| step.made.text == "orphan\n");
    assert_eq!(orphan.unwrap().made.thread.to_string(), "0.1.1");
}

fn what_differs_from_run_to_run_is_neutral() {
    let directed = replay(act("measures"), &[0]);
    let [step] = &directed.steps[..] else { panic!("{directed:?}") };
    assert_eq!(step.made.neutral, "<port> of <0> at T s: █ 0xA\n", "{}", step.made.text);
}

fn equal_states_have_equal_signatures() {
    // After both have begun, in whatever order, the state is the same.
    let second = |choices: &[usize]| {
        let mut states = Vec::new();
        let mut choose = by(choices);
        direct(shell("echo $$ & echo two & wait; echo $$"), &Direction::default(), |view| {
            states.push((view.steps.len(), view.state));
            choose(view)
        });
        states
    };
    let (one, other) = (second(&[0, 1]), second(&[1, 0]));
    let at = |states: &[(usize, u64)], steps| states.iter().find(|(at, _)| *at == steps).unwrap().1;
    assert_eq!(at(&one, 2), at(&other, 2), "both have begun: {one:?}, {other:?}");
    assert_ne!(at(&one, 1), at(&other, 1), "one of them has begun: {one:?}, {other:?}");
}

fn a_blocked_thread_is_explained() {
    let explain = Direction { explain: true, ..Direction::default() };
    let mut seen = Vec::new();
    direct(shell(CHILDREN), &explain, |view| {
        let blocked = view.blocked.iter();
        seen.extend(blocked.map(|it| (it.thread.to_string(), it.on.clone().unwrap())));
        Choice::Take(0)
    });
    let (thread, on) = &seen[0];
    assert_eq!(thread, "0");
    // Some shells wait for the signal that tells of a child's end.
    assert!(matches!(on, WaitsFor::Child(_) | WaitsFor::Signal), "{seen:?}");
    direct(act("two-threads"), &Direction::default(), |view| {
        assert!(view.blocked.iter().all(|blocked| blocked.on.is_none()), "it takes time");
        Choice::Take(0)
    });
}

fn forced_steps_are_recorded_too() {
    let directed = replay(shell("echo one; echo two"), &[0]);
    let steps: Vec<_> =
        directed.steps.iter().map(|step| (&step.made.text[..], step.is_forced())).collect();
    assert_eq!(steps, [("one\n", true), ("two\n", true)]);
    assert!(directed.choices().is_empty());
}

fn a_deadlock_is_noticed_at_once() {
    let both = |first: usize| {
        // Each prints that it has its first lock before either goes on.
        let mut asked = 0;
        direct(act("deadlock"), &Direction { returns: true, ..Direction::default() }, |view| {
            asked += 1;
            let print = view.options.iter().position(|option| option.act == Act::Print);
            let begin = view
                .options
                .iter()
                .position(|option| [Act::Spawned, Act::Begin].contains(&option.act));
            Choice::Take(begin.or(print).unwrap_or(first.min(view.options.len() - 1)))
        })
    };
    let directed = both(1);
    assert_eq!(directed.recording.ending, Ending::Stuck, "{directed:?}");
    let left = own(&directed.recording);
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].to_string().contains("waits for a lock"), "{left:?}");
}

fn a_run_in_which_a_sleep_will_end_is_not_stuck() {
    // However long its timeouts take in real time.
    let hasty = Direction { stuck_after: Duration::from_millis(1), ..Direction::default() };
    let directed = direct(act("asks-again"), &hasty, by(&[0]));
    assert_eq!(directed.recording.ending, Ending::Code(0), "{directed:?}");
    assert_eq!(output(&directed), "100 timeouts\n");
}

fn the_host_may_abandon_a_run() {
    let directed = direct(shell(CHILDREN), &Direction::default(), |_| Choice::Abandon);
    assert_eq!(directed.recording.ending, Ending::Abandoned);
    assert_eq!(output(&directed), "");
}
