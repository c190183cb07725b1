//! A program that kills or stops its supervisor harms only its own run.

use std::thread;

use runner::{Ending, Leftover, Recording};

use crate::Test;
use crate::harness::{alive, record, said, shell, unique};

pub(crate) const TESTS: &[Test] = &[
    ("a_killed_supervisor_is_an_ending", a_killed_supervisor_is_an_ending),
    ("a_stopped_supervisor_is_an_ending", a_stopped_supervisor_is_an_ending),
    ("a_polite_signal_is_one_too", a_polite_signal_is_one_too),
    ("a_session_that_ends_is_one_too", a_session_that_ends_is_one_too),
    ("no_daemon_escapes_by_that", no_daemon_escapes_by_that),
    ("each_run_keeps_its_own_orphans", each_run_keeps_its_own_orphans),
];

fn a_killed_supervisor_is_an_ending() {
    let sleep = unique();
    let recording = record(shell(&format!("touch file; kill -KILL $PPID; sleep {sleep}; :")));
    assert_eq!(recording.ending, Ending::SupervisorKilled(9));
    assert_eq!(recording.processor, None);
    let said = said(&recording);
    assert!(said.iter().any(|left| left.contains("still running: sh -c touch")), "{said:?}");
    assert!(said.iter().any(|left| left == "file in the working directory"), "{said:?}");
    assert_eq!(alive(&sleep), Vec::<i32>::new());
}

fn a_stopped_supervisor_is_an_ending() {
    let sleep = unique();
    let recording = record(shell(&format!("kill -STOP $PPID; sleep {sleep}")));
    assert_eq!(recording.ending, Ending::SupervisorStopped);
    assert!(said(&recording).iter().any(|left| left.ends_with(&format!("sleep {sleep}"))));
    assert_eq!(alive(&sleep), Vec::<i32>::new());
}

fn a_polite_signal_is_one_too() {
    for (name, number) in [("TERM", 15), ("INT", 2), ("USR1", 10)] {
        let recording = record(shell(&format!("kill -{name} $PPID; sleep 1000; :")));
        assert_eq!(recording.ending, Ending::SupervisorKilled(number));
        let said = said(&recording);
        assert!(said.iter().any(|left| left.contains("sh -c kill")), "{said:?}");
    }
}

fn a_session_that_ends_is_one_too() {
    // The supervisor leads the session, and the shell is in it.
    let script = |signal: &str, sleep: &str| {
        format!(
            "setsid sleep {sleep} & until grep -qs ^sleep /proc/$!/cmdline; do :; done; \
             for stat in /proc/[0-9]*/stat; do \
                 read pid name state parent group session rest < $stat || continue; \
                 [ \"$session\" != $PPID ] || [ $pid = $$ ] || kill -{signal} $pid; \
             done 2>/dev/null; kill -{signal} $$"
        )
    };
    for (signal, ending) in
        [("KILL", Ending::SupervisorKilled(9)), ("STOP", Ending::SupervisorStopped)]
    {
        let sleep = unique();
        let recording = record(shell(&script(signal, &sleep)));
        assert_eq!(recording.ending, ending);
        assert!(sleeps(&recording).contains(&sleep), "{recording:?}");
        assert_eq!(alive(&sleep), Vec::<i32>::new());
    }
}

/// A script that starts a daemon, waits until the daemon sleeps for `sleep`, and kills the supervisor. The daemon has
/// forked twice, and has its own session, directory, descriptors and environment.
fn daemon(sleep: &str) -> String {
    format!(
        "env -i setsid sh -c 'cd /; exec </dev/null >/dev/null 2>&1; sleep {sleep} & echo $! > $1' sh $PWD/pid; \
         until grep -qs ^sleep /proc/$(cat pid)/cmdline; do :; done; \
         kill -KILL $PPID; kill -KILL 0"
    )
}

fn sleeps(recording: &Recording) -> Vec<String> {
    let sleeps = recording.leftovers.iter().filter_map(|leftover| match leftover {
        Leftover::Running { command, .. } => command.strip_prefix("sleep ").map(str::to_owned),
        _ => None,
    });
    sleeps.collect()
}

fn no_daemon_escapes_by_that() {
    let sleep = unique();
    let recording = record(shell(&daemon(&sleep)));
    assert_eq!(recording.ending, Ending::SupervisorKilled(9));
    assert_eq!(sleeps(&recording), std::slice::from_ref(&sleep));
    assert_eq!(alive(&sleep), Vec::<i32>::new());
}

fn each_run_keeps_its_own_orphans() {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let sleep = unique();
                let recording = record(shell(&daemon(&sleep)));
                assert_eq!(sleeps(&recording), [sleep]);
            });
        }
    });
}
