//! fork: what both processes have, and where it is refused.

use std::sync::mpsc;
use std::{env, thread};

use nix::sched::{CloneFlags, unshare};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{chroot, geteuid, getpid, getppid};
use shared::{Error, Exit, Fork, Process, exit, fork};

use crate::end_of;
use crate::harness::{Body, descriptors, nothing_left, play};

pub(crate) const TESTS: &[Body] = &[
    ("fork_returns_in_parent_and_child", fork_returns_in_parent_and_child),
    ("fork_is_refused_beside_other_threads", fork_is_refused_beside_other_threads),
    ("fork_is_allowed_after_joining_threads", fork_is_allowed_after_joining_threads),
    ("fork_names_what_it_misses_without_proc", fork_names_what_it_misses_without_proc),
    ("fork_copies_what_stdout_has_buffered", fork_copies_what_stdout_has_buffered),
    ("buffered_text_comes_out_once", buffered_text_comes_out_once),
];

pub(crate) const ACTS: &[Body] = &[
    ("half a line, forked", act_half_a_line_forked),
    ("half a line, started", act_half_a_line_started),
];

fn fork_returns_in_parent_and_child() {
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
    assert!(matches!(fork(), Err(Error::ForkWithThreads { threads: 2 })));
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

/// Where it cannot count the threads, it refuses.
fn fork_names_what_it_misses_without_proc() {
    let before = descriptors();
    let exit = end_of(|| {
        if !geteuid().is_root() && unshare(CloneFlags::CLONE_NEWUSER).is_err() {
            eprintln!("not tested: only root, or a new user namespace, may change the root folder");
            return Ok(());
        }
        chroot(&env::temp_dir())?;
        let (sender, receiver) = mpsc::channel::<()>();
        let thread = thread::spawn(move || receiver.recv());
        let error = fork().unwrap_err().to_string();
        assert_eq!(error, "reading /proc/self/task failed: No such file or directory (os error 2)");
        drop(sender);
        thread.join().unwrap().unwrap_err();
        Ok(())
    });
    assert_eq!(exit, Exit::Code(0));
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
