//! Surroundings that are not as usual: children that are reaped elsewhere, the end of a thread, a new PID namespace,
//! a system call that is forbidden.

use std::cell::RefCell;
use std::fs;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{self, Command, Stdio};
use std::sync::Arc;

use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill, raise};
use nix::sys::wait::waitpid;
use nix::unistd::{Pid, geteuid, getpid};
use shared::sync::Lock;
use shared::{Child, Error, Exit, Process, Subprocess, exit, fork, join_all};
use signal_hook::consts::SIGCHLD;
use signal_hook::flag;

use crate::harness::{Body, descriptors, nothing_left, play};
use crate::seccomp::forbidding_pdeathsig;
use crate::sigchld::ignoring_sigchld;
use crate::{PATIENCE, SECOND, end_of, end_of_quiet, waiting};

pub(crate) const TESTS: &[Body] = &[
    (
        "children_can_be_joined_where_sigchld_is_ignored",
        children_can_be_joined_where_sigchld_is_ignored,
    ),
    (
        "children_can_be_joined_that_were_reaped_elsewhere",
        children_can_be_joined_that_were_reaped_elsewhere,
    ),
    (
        "processes_can_be_started_at_the_end_of_a_thread",
        processes_can_be_started_at_the_end_of_a_thread,
    ),
    (
        "a_process_starts_as_the_first_of_a_pid_namespace",
        a_process_starts_as_the_first_of_a_pid_namespace,
    ),
    (
        "a_program_starts_as_the_first_of_a_pid_namespace",
        a_program_starts_as_the_first_of_a_pid_namespace,
    ),
    ("all_start_where_pdeathsig_is_forbidden", all_start_where_pdeathsig_is_forbidden),
    ("fork_fails_with_the_systems_number", fork_fails_with_the_systems_number),
    ("another_program_of_the_same_pid_is_left_alone", another_program_is_left_alone),
];

pub(crate) const ACTS: &[Body] = &[
    ("SIGCHLD ignored", act_sigchld_ignored),
    ("a start at the end", act_a_start_at_the_end),
    ("PDEATHSIG forbidden", act_pdeathsig_forbidden),
];

/// The ways to end, and what a parent learns if it cannot reap the child.
fn ends_are_known_without_a_status(reap: fn(&Child)) {
    codes_without_a_status(reap, [Exit::Code(0), Exit::Code(1)]);
}

fn codes_without_a_status(reap: fn(&Child), [of_ok, of_err]: [Exit; 2]) {
    let end = |work: fn() -> shared::Result<()>| {
        let child = Process::new(work).start().unwrap();
        reap(&child);
        child.join().unwrap()
    };
    assert_eq!(end(|| Ok(())), of_ok);
    assert_eq!(end(|| Err(Error::other("as expected"))), of_err);
    assert_eq!(end(|| exit(3)), Exit::Unknown);
    assert_eq!(end(|| Ok(raise(Signal::SIGKILL)?)), Exit::Unknown);
    let panicked = end(|| {
        std::panic::set_hook(Box::new(|_| ()));
        panic!("no luck")
    });
    assert_eq!(panicked, Exit::Panicked("no luck".into()));
}

fn act_sigchld_ignored() {
    ends_are_known_without_a_status(|_| ());

    // Some of these have gone before their parent can open a pidfd.
    for _ in 0..500 {
        assert!(end_of(|| Ok(())).success());
    }
    let children = [(); 3].map(|()| Process::new(|| Ok(())).start().unwrap());
    join_all(children).unwrap();
    let mut child = waiting();
    assert_eq!(child.join_timeout(SECOND / 10).unwrap(), None);
    child.kill().unwrap();
    assert_eq!(child.join_timeout(PATIENCE).unwrap(), Some(Exit::Unknown));
    drop(waiting());

    let error = Subprocess::start(&mut Command::new("true")).unwrap().wait().unwrap_err();
    assert_eq!(
        error.to_string(),
        "waitpid failed: another part of the program has reaped true; do not ignore SIGCHLD"
    );
}

fn children_can_be_joined_where_sigchld_is_ignored() {
    let before = descriptors();
    assert!(ignoring_sigchld("SIGCHLD ignored").status().unwrap().success());
    nothing_left(&before);
}

/// What a handler does that calls waitpid(-1).
fn reap_elsewhere(child: &Child) {
    waitpid(child.pid(), None).unwrap();
    assert_eq!(waitpid(child.pid(), None), Err(Errno::ECHILD));
    child.kill().unwrap(); // Nothing happens.
    child.terminate().unwrap();
    assert!(!child.is_alive());
}

fn children_can_be_joined_that_were_reaped_elsewhere() {
    let before = descriptors();
    // Without a handler no code is kept: it would cost each child time.
    codes_without_a_status(reap_elsewhere, [Exit::Unknown, Exit::Unknown]);
    flag::register(SIGCHLD, Arc::default()).unwrap();
    ends_are_known_without_a_status(reap_elsewhere);
    nothing_left(&before);
}

/// Starts a process and a program when it is dropped.
struct AtTheEnd;

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        let exit = end_of(|| {
            println!("child: started at the end");
            Ok(())
        });
        println!("parent: {exit}");
        let status = Subprocess::start(&mut Command::new("true")).unwrap().wait().unwrap();
        println!("parent: {status}");
    }
}

thread_local! {
    static AT_THE_END: RefCell<Option<AtTheEnd>> = const { RefCell::new(None) };
}

fn act_a_start_at_the_end() {
    // It comes first, so it is dropped last, after all that the library keeps for this thread.
    AT_THE_END.set(Some(AtTheEnd));
    drop(Lock::new(()).unwrap().acquire().unwrap());
    assert!(end_of(|| Ok(())).success());
}

fn processes_can_be_started_at_the_end_of_a_thread() {
    let output = play("a start at the end").output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "child: started at the end\nparent: exit code 0\nparent: exit status: 0\n"
    );
    assert!(output.status.success(), "{}", output.status);
}

/// From now on, the next child will be the first process of a new PID namespace.
pub(crate) fn new_pid_namespace() {
    let user = if geteuid().is_root() { CloneFlags::empty() } else { CloneFlags::CLONE_NEWUSER };
    unshare(CloneFlags::CLONE_NEWPID | user).unwrap();
}

/// Some containers forbid it.
pub(crate) fn may_make_pid_namespaces() -> bool {
    let may = end_of_quiet(|| {
        new_pid_namespace();
        Ok(())
    })
    .success();
    if !may {
        eprintln!("not tested: a new PID namespace is forbidden here");
    }
    may
}

fn a_process_starts_as_the_first_of_a_pid_namespace() {
    let before = descriptors();
    if may_make_pid_namespaces() {
        new_pid_namespace();
        assert_eq!(end_of_quiet(|| panic!("I am {}", getpid())), Exit::Panicked("I am 1".into()));
    }
    nothing_left(&before);
}

fn a_program_starts_as_the_first_of_a_pid_namespace() {
    let before = descriptors();
    if may_make_pid_namespaces() {
        new_pid_namespace();
        let mut command = Command::new("sh");
        command.args(["-c", "echo $$"]).stdout(Stdio::piped());
        let output = Subprocess::start(&mut command).unwrap().communicate(&[]).unwrap();
        assert_eq!(output.stdout, b"1\n");
    }
    nothing_left(&before);
}

fn fork_fails_with_the_systems_number() {
    let before = descriptors();
    if may_make_pid_namespaces() {
        new_pid_namespace();
        assert!(end_of(|| Ok(())).success()); // When its first process has ended, a namespace can have no other.
        let Err(Error::System { call: "fork", source }) = fork() else { panic!("another error") };
        assert_eq!(source.raw_os_error(), Some(Errno::ENOMEM as i32));
    }
    nothing_left(&before);
}

fn act_pdeathsig_forbidden() {
    assert_eq!(prctl::set_pdeathsig(Signal::SIGKILL), Err(Errno::EPERM));
    assert_eq!(end_of_quiet(|| panic!("as expected")), Exit::Panicked("as expected".into()));
    let status = Subprocess::start(&mut Command::new("true")).unwrap().wait().unwrap();
    assert!(status.success(), "{status}");
}

fn all_start_where_pdeathsig_is_forbidden() {
    let before = descriptors();
    if let Some(mut act) = forbidding_pdeathsig("PDEATHSIG forbidden") {
        assert!(act.status().unwrap().success());
    }
    nothing_left(&before);
}

/// Starts a program with this pid, in its own group. `None` if others take the pid each time, or if this system does
/// not let us choose.
fn start_with_pid(pid: Pid) -> Option<process::Child> {
    for _ in 0..100 {
        fs::write("/proc/sys/kernel/ns_last_pid", (pid.as_raw() - 1).to_string()).ok()?;
        let mut program = Command::new("sleep").arg("100").process_group(0).spawn().unwrap();
        if program.id() == pid.as_raw().cast_unsigned() {
            return Some(program);
        }
        program.kill().unwrap();
        program.wait().unwrap();
    }
    None
}

fn another_program_is_left_alone() {
    let before = descriptors();
    let ends: [fn(Subprocess); 2] = [drop, |ended| assert!(ended.wait().is_err())];
    for end in ends {
        let ended = Subprocess::start(&mut Command::new("true")).unwrap();
        let pid = ended.pid();
        waitpid(pid, None).unwrap(); // From here on, the system may give the pid to another program.
        let Some(mut other) = start_with_pid(pid) else {
            eprintln!("not tested: no program can be started with a chosen pid here");
            continue;
        };
        end(ended);
        kill(pid, Signal::SIGTERM).expect("it has not been reaped");
        let end = other.wait().unwrap(); // By the first signal that it was sent.
        assert_eq!(end.signal(), Some(Signal::SIGTERM as i32), "it had been killed before");
    }
    nothing_left(&before);
}
