//! What a process has started ends with it, whatever it has become by then and however the process ends.

use std::fs::{self, Permissions};
use std::hint::spin_loop;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::{self, Command, Stdio};
use std::{env, mem};

use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{Gid, Pid, Uid, geteuid, getpid, setgid, setuid};
use shared::{Child, Process, Result, Subprocess};

use crate::harness::{Body, descriptors, eventually, lifelines, nothing_left, play, state};
use crate::seccomp::forbidding_pdeathsig;
use crate::surroundings::{may_make_pid_namespaces, new_pid_namespace};
use crate::{PATIENCE, end_of, waiting};

pub(crate) const TESTS: &[Body] = &[
    (
        "children_end_with_a_parent_whose_signal_they_have_lost",
        children_end_with_a_parent_whose_signal_they_have_lost,
    ),
    (
        "a_child_ends_with_its_parent_after_earlier_ones",
        a_child_ends_with_its_parent_after_earlier_ones,
    ),
    (
        "children_end_with_a_parent_where_the_signal_is_forbidden",
        children_end_with_a_parent_where_the_signal_is_forbidden,
    ),
    (
        "the_first_of_a_namespace_ends_with_its_parent",
        the_first_of_a_namespace_ends_with_its_parent,
    ),
    (
        "the_whole_group_of_a_program_ends_with_its_parent",
        the_whole_group_of_a_program_ends_with_its_parent,
    ),
    ("a_child_of_another_user_ends_with_its_parent", a_child_of_another_user_ends_with_its_parent),
    ("a_child_ends_when_its_parent_runs_another_program", a_child_ends_at_exec),
];

pub(crate) const ACTS: &[Body] = &[
    ("children without the signal", act_children_without_the_signal),
    ("a child after earlier ones", act_a_child_after_earlier_ones),
    ("children with the signal forbidden", act_children_with_the_signal_forbidden),
    ("a child of another user", act_a_child_of_another_user),
    ("a program with a child", act_a_program_with_a_child),
    ("the first of a namespace", act_the_first_of_a_namespace),
    ("set-uid programs", act_set_uid_programs),
    ("another program", act_another_program),
];

/// The user `nobody`, who owns nothing.
const NOBODY: u32 = 65_534;

/// A child that does its work, prints its pid, and then computes for ever.
fn computing(work: impl FnOnce() -> Result<()>) -> Child {
    let child = Process::new(|| {
        work()?;
        println!("{}", getpid());
        loop {
            spin_loop();
        }
    });
    child.start().unwrap()
}

/// What the kernel does when a process changes its user. Every user may do this directly.
fn forget_the_parent() -> Result<()> {
    Ok(prctl::set_pdeathsig(None)?)
}

fn become_nobody() -> Result<()> {
    setgid(Gid::from_raw(NOBODY))?;
    Ok(setuid(Uid::from_raw(NOBODY))?)
}

/// Starts what the act needs, waits for its end of stdin, and ends without running a destructor.
fn until_the_end_of_input(started: impl Sized) {
    io::stdin().read_line(&mut String::new()).unwrap();
    mem::forget(started);
    process::exit(0);
}

fn act_children_without_the_signal() {
    let child = computing(forget_the_parent);
    let parent = computing(|| {
        mem::forget(computing(forget_the_parent)); // It prints its pid too.
        forget_the_parent()
    });
    until_the_end_of_input([child, parent]);
}

/// Three children in turn have the same lifeline, of which a sibling must have no copy.
fn act_a_child_after_earlier_ones() {
    drop([waiting(), waiting()]);
    assert!(end_of(|| Ok(())).success());
    let child = computing(forget_the_parent);
    let earlier = lifelines();
    let sibling = computing(forget_the_parent);
    assert_eq!(earlier.len(), 2, "none is used again");
    until_the_end_of_input([child, sibling]);
}

fn act_children_with_the_signal_forbidden() {
    assert_eq!(prctl::set_pdeathsig(Signal::SIGKILL), Err(Errno::EPERM));
    let parent = computing(|| {
        mem::forget(computing(|| Ok(()))); // It prints its pid too.
        Ok(())
    });
    until_the_end_of_input(parent);
}

fn act_a_child_of_another_user() {
    until_the_end_of_input(computing(become_nobody));
}

fn act_a_program_with_a_child() {
    let mut command = Command::new("sh");
    // By exec the shell becomes a program that waits for no child: a shell might reap the first sleep before it ends.
    command.args(["-c", "sleep 100 & echo $!; echo $$; exec sleep 100"]).stdin(Stdio::null());
    until_the_end_of_input(Subprocess::start(&mut command).unwrap());
}

/// The kernel protects such a process from most signals.
fn act_the_first_of_a_namespace() {
    let (mut reader, mut writer) = io::pipe().unwrap();
    new_pid_namespace();
    let child = Process::new(|| {
        writer.write_all(&[0])?;
        loop {
            spin_loop();
        }
    });
    let child = child.start().unwrap();
    reader.read_exact(&mut [0]).unwrap(); // Now it is tied to its parent.
    println!("{}", child.pid());
    until_the_end_of_input(child);
}

/// A set-uid program that another user runs: once as a child that becomes it, and once as a program.
fn act_set_uid_programs() {
    let folder = env::temp_dir();
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    let program = folder.join("sleep");
    // The copy of an earlier act may be running still, and then it cannot be written to.
    let _ = fs::remove_file(&program);
    fs::copy("/bin/sleep", &program).unwrap();
    fs::set_permissions(&program, Permissions::from_mode(0o4755)).unwrap();
    become_nobody().unwrap();

    let child = Process::new(|| {
        println!("{}", getpid());
        Err(Command::new(&program).arg("100").exec().into())
    });
    let child = child.start().unwrap();
    let subprocess = Subprocess::start(Command::new(&program).arg("100")).unwrap();
    for pid in [child.pid(), subprocess.pid()] {
        let owner = || fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        eventually("it is root's", PATIENCE, || owner().contains("Uid:\t65534\t0\t0\t0"));
    }
    println!("{}", subprocess.pid());
    until_the_end_of_input((child, subprocess));
}

/// Plays the act twice, ends it once by a signal and once by the end of its input, and checks that the processes whose
/// pids it has printed end too.
fn all_end_with(act: &str, processes: usize) {
    all_end_with_program([play(act), play(act)], processes);
}

/// The same for two commands that play the act.
fn all_end_with_program(programs: [Command; 2], processes: usize) {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    for (mut command, is_killed) in programs.into_iter().zip([true, false]) {
        let mut parent = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(parent.stdout.take().unwrap()).lines().take(processes);
        let pids: Vec<Pid> =
            lines.map(|line| Pid::from_raw(line.unwrap().parse().unwrap())).collect();
        assert_eq!(pids.len(), processes);
        if is_killed {
            parent.kill().unwrap();
        } else {
            parent.stdin.take().unwrap().write_all(b"\n").unwrap();
        }
        parent.wait().unwrap();
        for pid in pids {
            // A grandchild becomes this process's child only when its parent has ended too.
            let orphaned_zombie = Some(('Z', getpid().as_raw()));
            eventually("it ends", PATIENCE, || state(pid) == orphaned_zombie);
            assert_eq!(
                waitpid(pid, None),
                Ok(WaitStatus::Signaled(pid, Signal::SIGKILL, false)),
                "{command:?}"
            );
        }
    }
    nothing_left(&before);
}

fn children_end_with_a_parent_whose_signal_they_have_lost() {
    all_end_with("children without the signal", 3);
}

fn a_child_ends_with_its_parent_after_earlier_ones() {
    all_end_with("a child after earlier ones", 2);
}

fn children_end_with_a_parent_where_the_signal_is_forbidden() {
    let act = "children with the signal forbidden";
    if let (Some(one), Some(other)) = (forbidding_pdeathsig(act), forbidding_pdeathsig(act)) {
        all_end_with_program([one, other], 2);
    }
}

fn the_first_of_a_namespace_ends_with_its_parent() {
    if may_make_pid_namespaces() {
        all_end_with("the first of a namespace", 1);
    }
}

fn the_whole_group_of_a_program_ends_with_its_parent() {
    all_end_with("a program with a child", 2);
}

/// Only root can become another user. For other users, the first test of this file must be enough.
fn a_child_of_another_user_ends_with_its_parent() {
    if geteuid().is_root() {
        all_end_with("a child of another user", 1);
        all_end_with("set-uid programs", 2);
        fs::remove_file(env::temp_dir().join("sleep")).unwrap();
    }
}

fn act_another_program() {
    let child = waiting();
    println!("{}", child.pid());
    panic!("{}", Command::new("sleep").arg("100").exec());
}

fn a_child_ends_at_exec() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let mut program = play("another program").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let child = Pid::from_raw(line.trim().parse().unwrap());
    // The new program knows of no child, and reaps none.
    eventually("the child ends", PATIENCE, || state(child).is_some_and(|(state, _)| state == 'Z'));
    program.kill().unwrap();
    program.wait().unwrap();
    assert_eq!(waitpid(child, None), Ok(WaitStatus::Signaled(child, Signal::SIGKILL, false)));
    nothing_left(&before);
}
