//! A started child: waiting with a timeout, names, signals, copies, and what it leaves.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::libc;
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{Pid, daemon, getpid, pause};
use shared::{Child, Error, Exit, Fork, Process, exit, fork};

use crate::harness::{Body, descriptors, eventually, lifelines, nothing_left, play, state};
use crate::{PATIENCE, SECOND, end_of, waiting};

pub(crate) const TESTS: &[Body] = &[
    ("timeouts_are_honoured", timeouts_are_honoured),
    ("timeouts_are_honoured_under_signals", timeouts_are_honoured_under_signals),
    ("join_timeout_can_be_asked_again", join_timeout_can_be_asked_again),
    ("children_are_alive_until_they_end", children_are_alive_until_they_end),
    ("names_are_given_or_counted", names_are_given_or_counted),
    ("a_stopped_child_can_be_terminated", a_stopped_child_can_be_terminated),
    ("kill_cannot_be_refused", kill_cannot_be_refused),
    ("a_dropped_child_is_killed_and_reaped", a_dropped_child_is_killed_and_reaped),
    ("a_forked_copy_of_a_handle_does_nothing", a_forked_copy_of_a_handle_does_nothing),
    ("a_copy_in_a_daemon_does_nothing", a_copy_in_a_daemon_does_nothing),
    ("siblings_keep_no_descriptors", siblings_keep_no_descriptors),
    ("children_of_a_killed_parent_end", children_of_a_killed_parent_end),
    ("ten_thousand_children_leave_nothing", ten_thousand_children_leave_nothing),
];

pub(crate) const ACTS: &[Body] = &[
    ("three children that wait", act_three_children_that_wait),
    ("a daemon with a child", act_a_daemon_with_a_child),
];

fn timeouts_are_honoured() {
    let before = descriptors();
    let mut child = waiting();
    for milliseconds in [0, 1, 300] {
        let timeout = Duration::from_millis(milliseconds);
        let start = Instant::now();
        assert_eq!(child.join_timeout(timeout).unwrap(), None);
        let waited = start.elapsed();
        assert!(waited >= timeout, "{waited:?} instead of {timeout:?}");
    }
    child.kill().unwrap();
    // No timeout is too long.
    assert_eq!(
        child.join_timeout(Duration::MAX).unwrap(),
        Some(Exit::Signal(Signal::SIGKILL.into()))
    );
    drop(child);
    nothing_left(&before);
}

fn timeouts_are_honoured_under_signals() {
    let heard = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(libc::SIGUSR1, heard.clone()).unwrap();
    let before = descriptors();
    let parent = getpid();
    let disturber = Process::new(|| {
        loop {
            kill(parent, Signal::SIGUSR1)?;
            thread::sleep(Duration::from_millis(20));
        }
    });
    let mut disturber = disturber.start().unwrap();
    let start = Instant::now();
    assert_eq!(disturber.join_timeout(SECOND / 2).unwrap(), None);
    let waited = start.elapsed();
    assert!(heard.load(Ordering::Relaxed), "no signal came");
    // If each signal made it start anew, it would never end.
    assert!(waited >= SECOND / 2, "{waited:?} instead of 0.5 s");
    drop(disturber);
    nothing_left(&before);
}

fn join_timeout_can_be_asked_again() {
    let before = descriptors();
    let mut child = Process::new(|| exit(3)).start().unwrap();
    assert_eq!(child.join_timeout(Duration::MAX).unwrap(), Some(Exit::Code(3)));
    assert_eq!(child.join_timeout(Duration::ZERO).unwrap(), Some(Exit::Code(3)));
    child.terminate().unwrap();
    assert!(!child.is_alive());
    assert_eq!(child.join().unwrap(), Exit::Code(3));
    nothing_left(&before);
}

fn children_are_alive_until_they_end() {
    let before = descriptors();
    let child = Process::new(|| Ok(()));
    let child = child.start().unwrap();
    eventually("it ends", PATIENCE, || !child.is_alive());
    assert_eq!(
        state(child.pid()).map(|(state, _)| state),
        Some('Z'),
        "ended, and not reaped by the question"
    );
    assert_eq!(child.join().unwrap(), Exit::Code(0));

    let child = waiting();
    assert!(child.is_alive());
    drop(child);
    nothing_left(&before);
}

fn names_are_given_or_counted() {
    let before = descriptors();
    let first = Process::new(|| {
        let nested = Process::new(|| Ok(())).start()?;
        let right = nested.name() == "Process-1:1";
        nested.join()?;
        exit(i32::from(!right))
    });
    let first = first.start().unwrap();
    let second = Process::new(|| Ok(())).name("the second").start().unwrap();
    let third = Process::new(|| Ok(())).start().unwrap();
    assert_eq!(
        [first.name(), second.name(), third.name()],
        ["Process-1", "the second", "Process-3"]
    );
    for child in [first, second, third] {
        assert_eq!(child.join().unwrap(), Exit::Code(0));
    }
    nothing_left(&before);
}

fn a_stopped_child_can_be_terminated() {
    let before = descriptors();
    let child = waiting();
    kill(child.pid(), Signal::SIGSTOP).unwrap();
    eventually("it stops", PATIENCE, || state(child.pid()).is_some_and(|(state, _)| state == 'T'));
    child.terminate().unwrap(); // A process that stays stopped would not receive the signal.
    assert_eq!(child.join().unwrap(), Exit::Signal(Signal::SIGTERM.into()));
    nothing_left(&before);
}

fn kill_cannot_be_refused() {
    let before = descriptors();
    let deaf = Process::new(|| {
        signal_hook::flag::register(libc::SIGTERM, Arc::new(AtomicBool::new(false)))?;
        raise(Signal::SIGSTOP)?; // Shows that it ignores SIGTERM now.
        loop {
            pause();
        }
    });
    let mut deaf = deaf.start().unwrap();
    eventually("it stops", PATIENCE, || state(deaf.pid()).is_some_and(|(state, _)| state == 'T'));
    deaf.terminate().unwrap();
    assert_eq!(deaf.join_timeout(SECOND / 5).unwrap(), None);
    deaf.kill().unwrap();
    assert_eq!(deaf.join().unwrap(), Exit::Signal(Signal::SIGKILL.into()));
    nothing_left(&before);
}

fn a_dropped_child_is_killed_and_reaped() {
    let before = descriptors();
    let child = waiting();
    let pid = child.pid();
    drop(child);
    assert_eq!(state(pid), None);
    nothing_left(&before);
}

fn a_forked_copy_of_a_handle_does_nothing() {
    let before = descriptors();
    let mut sibling = waiting();
    let exit = end_of(|| {
        let refused = matches!(sibling.join_timeout(SECOND), Err(Error::NotParent))
            && matches!(sibling.kill(), Err(Error::NotParent))
            && matches!(sibling.terminate(), Err(Error::NotParent));
        exit(i32::from(!refused))
    });
    assert_eq!(exit, Exit::Code(0));
    assert!(sibling.is_alive());

    // The child drops its copy at the end of the closure that took it; plain fork must be as harmless.
    match fork().unwrap() {
        Fork::Child => {
            drop(sibling);
            shared::exit(0)
        }
        Fork::Parent { child } => waitpid(child, None).unwrap(),
    };
    assert!(sibling.is_alive());
    drop(sibling);
    nothing_left(&before);
}

/// daemon(3) forks, and its parent ends.
fn act_a_daemon_with_a_child() {
    let mut child = waiting();
    daemon(true, true).unwrap();
    let refused = matches!(child.kill(), Err(Error::NotParent))
        && matches!(child.join_timeout(SECOND), Err(Error::NotParent))
        && matches!(child.join(), Err(Error::NotParent));
    print!("refused: {refused}, and lifelines: {:?}", lifelines());
}

fn a_copy_in_a_daemon_does_nothing() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let output = play("a daemon with a child").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "refused: true, and lifelines: {}");
    while waitpid(None::<Pid>, None) != Err(Errno::ECHILD) {} // The child and the daemon are orphans.
    nothing_left(&before);
}

fn siblings_keep_no_descriptors() {
    let before = descriptors();
    let siblings: Vec<Child> = (0..5).map(|_| waiting()).collect();
    let open = before.len();
    let end = end_of(|| exit(i32::from(descriptors().len() != open || !lifelines().is_empty())));
    assert_eq!(end, Exit::Code(0));
    drop(siblings);
    nothing_left(&before);
}

fn act_three_children_that_wait() {
    let children = [waiting(), waiting(), waiting()];
    for child in &children {
        println!("{}", child.pid());
    }
    pause();
}

fn children_of_a_killed_parent_end() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let mut parent = play("three children that wait").stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(parent.stdout.take().unwrap()).lines().take(3);
    let children: Vec<Pid> =
        lines.map(|line| Pid::from_raw(line.unwrap().parse().unwrap())).collect();
    assert_eq!(children.len(), 3);
    parent.kill().unwrap();
    parent.wait().unwrap();
    for child in children {
        eventually("the child ends", PATIENCE, || {
            state(child).is_some_and(|(state, _)| state == 'Z')
        });
        assert_eq!(waitpid(child, None), Ok(WaitStatus::Signaled(child, Signal::SIGKILL, false)));
    }
    nothing_left(&before);
}

fn ten_thousand_children_leave_nothing() {
    let before = descriptors();
    let children = |count| {
        for _ in 0..count {
            assert_eq!(end_of(|| Ok(())), Exit::Code(0));
        }
    };
    children(100); // What is taken once and kept.
    let memory_before = resident_kibibytes();
    children(10_000);
    let grown = resident_kibibytes().saturating_sub(memory_before);
    assert!(grown < 128, "{grown} KiB more: {} bytes a child", grown * 1024 / 10_000);
    nothing_left(&before);
}

/// How much private memory this process has in use.
fn resident_kibibytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
