//! fork and Process: what a child returns, and what it survives.

#[path = "../harness/mod.rs"]
mod harness;
mod join_all;
#[path = "../harness/limits.rs"]
mod limits;
mod orphans;
mod ownership;
mod subprocess;
mod surroundings;

use std::io::{self, BufRead, BufReader, Read, Write};
use std::panic;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use harness::{descriptors, eventually, nothing_left, play, state};
use nix::libc;
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{Pid, getpid, getppid, pause};
use shared::{Child, Error, Exit, Fork, Process, Result, exit, fork};

fn main() -> ExitCode {
    harness::main(
        &[
            ("fork_tells_parent_and_child_apart", fork_tells_parent_and_child_apart),
            ("fork_is_refused_beside_other_threads", fork_is_refused_beside_other_threads),
            ("fork_is_allowed_after_joining_threads", fork_is_allowed_after_joining_threads),
            ("fork_copies_what_stdout_has_buffered", fork_copies_what_stdout_has_buffered),
            ("exit_codes_arrive", exit_codes_arrive),
            ("signals_arrive", signals_arrive),
            ("panics_arrive_with_their_text", panics_arrive_with_their_text),
            (
                "panic_text_does_not_wait_for_grandchildren",
                panic_text_does_not_wait_for_grandchildren,
            ),
            ("panic_of_a_grandchild_is_its_own", panic_of_a_grandchild_is_its_own),
            ("panic_texts_do_not_mix", panic_texts_do_not_mix),
            ("limits_are_honoured", limits_are_honoured),
            ("limits_are_honoured_under_signals", limits_are_honoured_under_signals),
            ("join_timeout_can_be_asked_again", join_timeout_can_be_asked_again),
            ("children_are_alive_until_they_end", children_are_alive_until_they_end),
            ("names_are_given_or_counted", names_are_given_or_counted),
            ("a_stopped_child_can_be_terminated", a_stopped_child_can_be_terminated),
            ("kill_cannot_be_refused", kill_cannot_be_refused),
            ("a_dropped_child_is_killed_and_reaped", a_dropped_child_is_killed_and_reaped),
            ("a_forked_copy_of_a_handle_does_nothing", a_forked_copy_of_a_handle_does_nothing),
            ("siblings_keep_no_descriptors", siblings_keep_no_descriptors),
            ("buffered_text_comes_out_once", buffered_text_comes_out_once),
            ("children_of_a_killed_parent_end", children_of_a_killed_parent_end),
            ("ten_thousand_children_leave_nothing", ten_thousand_children_leave_nothing),
            (
                "all_children_are_joined_in_whatever_order_they_end",
                join_all::all_children_are_joined_in_whatever_order_they_end,
            ),
            ("a_child_that_fails_ends_the_others", join_all::a_child_that_fails_ends_the_others),
            ("only_the_parent_can_join_all", join_all::only_the_parent_can_join_all),
            (
                "children_end_with_a_parent_whose_signal_they_have_lost",
                orphans::children_end_with_a_parent_whose_signal_they_have_lost,
            ),
            (
                "the_first_of_a_namespace_ends_with_its_parent",
                orphans::the_first_of_a_namespace_ends_with_its_parent,
            ),
            (
                "the_whole_group_of_a_program_ends_with_its_parent",
                orphans::the_whole_group_of_a_program_ends_with_its_parent,
            ),
            (
                "a_child_of_another_user_ends_with_its_parent",
                orphans::a_child_of_another_user_ends_with_its_parent,
            ),
            (
                "a_child_that_is_moved_into_another_is_refused",
                ownership::a_child_that_is_moved_into_another_is_refused,
            ),
            (
                "a_wrapped_folder_goes_with_the_child",
                ownership::a_wrapped_folder_goes_with_the_child,
            ),
            ("a_wrapped_writer_writes_once", ownership::a_wrapped_writer_writes_once),
            (
                "both_processes_drop_what_was_moved_in",
                ownership::both_processes_drop_what_was_moved_in,
            ),
            (
                "children_can_be_joined_where_sigchld_is_ignored",
                surroundings::children_can_be_joined_where_sigchld_is_ignored,
            ),
            (
                "children_can_be_joined_that_something_else_has_reaped",
                surroundings::children_can_be_joined_that_something_else_has_reaped,
            ),
            (
                "processes_can_be_started_at_the_end_of_a_thread",
                surroundings::processes_can_be_started_at_the_end_of_a_thread,
            ),
            (
                "a_process_starts_as_the_first_of_a_pid_namespace",
                surroundings::a_process_starts_as_the_first_of_a_pid_namespace,
            ),
            (
                "a_program_starts_as_the_first_of_a_pid_namespace",
                surroundings::a_program_starts_as_the_first_of_a_pid_namespace,
            ),
            (
                "communication_goes_both_ways_at_once",
                subprocess::communication_goes_both_ways_at_once,
            ),
            (
                "a_reader_that_goes_raises_no_signal",
                subprocess::a_reader_that_goes_raises_no_signal,
            ),
            ("a_subprocess_ends_as_it_says", subprocess::a_subprocess_ends_as_it_says),
            ("subprocess_limits_are_honoured", subprocess::subprocess_limits_are_honoured),
            (
                "at_the_limit_the_whole_group_is_killed",
                subprocess::at_the_limit_the_whole_group_is_killed,
            ),
            (
                "a_dropped_subprocess_is_killed_and_reaped",
                subprocess::a_dropped_subprocess_is_killed_and_reaped,
            ),
            (
                "a_program_that_has_left_its_group_is_killed_and_reaped",
                subprocess::a_program_that_has_left_its_group_is_killed_and_reaped,
            ),
            (
                "what_nobody_asks_for_takes_no_memory",
                subprocess::what_nobody_asks_for_takes_no_memory,
            ),
            (
                "a_command_can_be_started_again_in_a_child",
                subprocess::a_command_can_be_started_again_in_a_child,
            ),
            ("a_subprocess_ends_with_its_parent", subprocess::a_subprocess_ends_with_its_parent),
            (
                "a_forked_copy_of_a_subprocess_does_nothing",
                subprocess::a_forked_copy_of_a_subprocess_does_nothing,
            ),
            (
                "siblings_keep_no_pipe_of_a_subprocess",
                subprocess::siblings_keep_no_pipe_of_a_subprocess,
            ),
            ("what_cannot_be_started_is_told", subprocess::what_cannot_be_started_is_told),
        ],
        &[
            ("half a line, forked", act_half_a_line_forked),
            ("half a line, started", act_half_a_line_started),
            ("three children that wait", act_three_children_that_wait),
            ("children without the signal", orphans::act_children_without_the_signal),
            ("a child of another user", orphans::act_a_child_of_another_user),
            ("a program with a child", orphans::act_a_program_with_a_child),
            ("the first of a namespace", orphans::act_the_first_of_a_namespace),
            ("set-uid programs", orphans::act_set_uid_programs),
            ("SIGCHLD ignored", surroundings::act_sigchld_ignored),
            ("a start at the end", surroundings::act_a_start_at_the_end),
            ("a subprocess that sleeps", subprocess::act_a_subprocess_that_sleeps),
            ("a program that leaves its group", subprocess::act_a_program_that_leaves_its_group),
        ],
    )
}

const SECOND: Duration = Duration::from_secs(1);

/// A child that waits until it is killed.
fn waiting() -> Child {
    Process::new(|| {
        loop {
            pause();
        }
    })
    .start()
    .unwrap()
}

fn end_of(work: impl FnOnce() -> Result<()>) -> Exit {
    Process::new(work).start().unwrap().join().unwrap()
}

/// The same for a child that is meant to panic: without its message on stderr.
fn end_of_quiet(work: impl FnOnce() -> Result<()>) -> Exit {
    end_of(|| {
        panic::set_hook(Box::new(|_| ()));
        work()
    })
}

fn fork_tells_parent_and_child_apart() {
    let before = descriptors();
    let parent = getpid();
    match fork().unwrap() {
        Fork::Child => exit(i32::from(getppid() != parent || getpid() == parent)),
        Fork::Parent { child } => {
            assert_eq!(waitpid(child, None), Ok(WaitStatus::Exited(child, 0)));
        }
    }
    nothing_left(&before);
}

fn fork_is_refused_beside_other_threads() {
    let before = descriptors();
    let (sender, receiver) = mpsc::channel::<()>();
    let thread = thread::spawn(move || receiver.recv());
    assert!(matches!(fork(), Err(Error::Threaded { threads: 2 })));
    let error = Process::new(|| Ok(())).start().unwrap_err();
    assert!(error.to_string().starts_with("fork refused: 2 threads are running"), "{error}");
    drop(sender);
    thread.join().unwrap().unwrap_err();
    nothing_left(&before);
}

fn fork_is_allowed_after_joining_threads() {
    let before = descriptors();
    for _ in 0..2_000 {
        // For a moment after join, /proc/self/task may still list the thread: some of these rounds meet it.
        thread::spawn(|| ()).join().unwrap();
        assert_eq!(end_of(|| Ok(())), Exit::Code(0));
    }
    nothing_left(&before);
}

fn act_half_a_line_forked() {
    print!("half a line, ");
    match fork().unwrap() {
        Fork::Child => exit(0),
        Fork::Parent { child } => waitpid(child, None).unwrap(),
    };
    println!("the rest");
}

fn fork_copies_what_stdout_has_buffered() {
    let output = play("half a line, forked").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "half a line, half a line, the rest\n");
}

fn act_half_a_line_started() {
    print!("half a line, ");
    let child = Process::new(|| {
        print!("the child's, ");
        Ok(())
    });
    child.start().unwrap().join().unwrap();
    println!("the rest");
}

fn buffered_text_comes_out_once() {
    let output = play("half a line, started").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "half a line, the child's, the rest\n");
}

fn exit_codes_arrive() {
    let before = descriptors();
    assert_eq!(end_of(|| Ok(())), Exit::Code(0));
    assert_eq!(end_of(|| Err(Error::other("as expected"))), Exit::Code(1));
    assert_eq!(end_of(|| exit(3)), Exit::Code(3));
    assert_eq!(end_of(|| exit(256 + 7)), Exit::Code(7), "the lowest eight bits");
    assert_eq!(end_of(|| exit(101)), Exit::Code(101), "no panic, though it has its code");
    nothing_left(&before);
}

fn signals_arrive() {
    let before = descriptors();
    for signal in [Signal::SIGTERM, Signal::SIGKILL, Signal::SIGUSR1] {
        assert_eq!(end_of(|| Ok(raise(signal)?)), Exit::Signal(signal.into()));
    }
    let child = waiting();
    let number = libc::SIGRTMIN() + 3;
    // nix cannot name this signal, so it cannot send it either.
    Command::new("sh").arg("-c").arg(format!("kill -{number} {}", child.pid())).status().unwrap();
    let exit = child.join().unwrap();
    assert_eq!(exit, Exit::Signal(shared::Signal(number)));
    assert_eq!(exit.to_string(), "killed by SIGRTMIN+3");
    nothing_left(&before);
}

fn panics_arrive_with_their_text() {
    let before = descriptors();
    assert_eq!(end_of_quiet(|| panic!("plain")), Exit::Panicked("plain".into()));
    assert_eq!(end_of_quiet(|| panic!("number {}", 7)), Exit::Panicked("number 7".into()));
    assert_eq!(end_of_quiet(|| panic!("{}", "")), Exit::Panicked(String::new()));
    assert_eq!(
        end_of_quiet(|| panic::panic_any(7)),
        Exit::Panicked("a value that is no text".into())
    );
    // A report is no longer than 4096 bytes, and no letter is cut: 818 pairs fit, then one 字 without its é.
    let Exit::Panicked(text) = end_of_quiet(|| panic!("xy{}", "字é".repeat(2_000))) else {
        panic!("no panic")
    };
    assert_eq!(text, format!("xy{}字", "字é".repeat(818)));
    nothing_left(&before);
}

fn panic_text_does_not_wait_for_grandchildren() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let (mut reader, mut writer) = io::pipe().unwrap();
    let child = Process::new(|| match fork()? {
        Fork::Child => loop {
            pause();
        },
        Fork::Parent { child } => {
            writer.write_all(&child.as_raw().to_ne_bytes())?;
            panic::set_hook(Box::new(|_| ()));
            panic!("leaving one behind");
        }
    });
    // Before the grandchild has ended, which never does by itself.
    assert_eq!(child.start().unwrap().join().unwrap(), Exit::Panicked("leaving one behind".into()));

    let mut grandchild = [0; 4];
    reader.read_exact(&mut grandchild).unwrap();
    let grandchild = Pid::from_raw(i32::from_ne_bytes(grandchild));
    kill(grandchild, Signal::SIGKILL).unwrap();
    let killed = WaitStatus::Signaled(grandchild, Signal::SIGKILL, false);
    assert_eq!(waitpid(grandchild, None), Ok(killed), "it had ended before");
    drop((reader, writer));
    nothing_left(&before);
}

fn panic_of_a_grandchild_is_its_own() {
    let before = descriptors();
    let exit = end_of_quiet(|| match fork()? {
        Fork::Child => panic!("in the grandchild"),
        Fork::Parent { child } => match waitpid(child, None)? {
            WaitStatus::Exited(_, code) => exit(code),
            status => Err(Error::other(format!("{status:?}"))),
        },
    });
    assert_eq!(exit, Exit::Code(101), "the code was handed on, the text was not the child's");
    nothing_left(&before);
}

fn panic_texts_do_not_mix() {
    let before = descriptors();
    assert_eq!(end_of_quiet(|| panic!("the first")), Exit::Panicked("the first".into()));
    assert_eq!(end_of(|| exit(101)), Exit::Code(101), "the text was another child's");

    // A plain fork has a copy of all that this process has; its children's texts are none of ours.
    let (mut fork_may, mut go_fork) = io::pipe().unwrap();
    let (mut child_may, mut go_child) = io::pipe().unwrap();
    let forked = match fork().unwrap() {
        Fork::Parent { child } => child,
        Fork::Child => {
            fork_may.read_exact(&mut [0]).unwrap();
            exit(i32::from(end_of_quiet(|| panic!("theirs")) != Exit::Panicked("theirs".into())))
        }
    };
    let child = Process::new(|| {
        child_may.read_exact(&mut [0])?;
        exit(101)
    });
    let child = child.start().unwrap();
    go_fork.write_all(&[0]).unwrap();
    assert_eq!(waitpid(forked, None).unwrap(), WaitStatus::Exited(forked, 0));
    go_child.write_all(&[0]).unwrap();
    assert_eq!(child.join().unwrap(), Exit::Code(101), "the text was a stranger's");
    drop((fork_may, go_fork, child_may, go_child));
    nothing_left(&before);
}

fn limits_are_honoured() {
    let before = descriptors();
    let mut child = waiting();
    for milliseconds in [0, 1, 300] {
        let limit = Duration::from_millis(milliseconds);
        let start = Instant::now();
        assert_eq!(child.join_timeout(limit).unwrap(), None);
        let waited = start.elapsed();
        assert!(waited >= limit, "{waited:?} instead of {limit:?}");
    }
    child.kill().unwrap();
    // No limit is too long.
    assert_eq!(
        child.join_timeout(Duration::MAX).unwrap(),
        Some(Exit::Signal(Signal::SIGKILL.into()))
    );
    drop(child);
    nothing_left(&before);
}

fn limits_are_honoured_under_signals() {
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
    eventually("it ends", SECOND, || !child.is_alive());
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
    eventually("it stops", SECOND, || state(child.pid()).is_some_and(|(state, _)| state == 'T'));
    child.terminate().unwrap(); // Stopped for ever, it would not hear.
    assert_eq!(child.join().unwrap(), Exit::Signal(Signal::SIGTERM.into()));
    nothing_left(&before);
}

fn kill_cannot_be_refused() {
    let before = descriptors();
    let deaf = Process::new(|| {
        signal_hook::flag::register(libc::SIGTERM, Arc::new(AtomicBool::new(false)))?;
        raise(Signal::SIGSTOP)?; // Tells that it is deaf now.
        loop {
            pause();
        }
    });
    let mut deaf = deaf.start().unwrap();
    eventually("it stops", SECOND, || state(deaf.pid()).is_some_and(|(state, _)| state == 'T'));
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

fn siblings_keep_no_descriptors() {
    let before = descriptors();
    let siblings: Vec<Child> = (0..5).map(|_| waiting()).collect();
    let open = before.len();
    assert_eq!(end_of(|| exit(i32::from(descriptors().len() != open))), Exit::Code(0));
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
        eventually("the child ends", SECOND, || {
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

/// How much memory of its own this process has in use.
fn resident_kibibytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
