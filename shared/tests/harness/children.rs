//! What tests with several processes need: children, programs that play an act, storms.

#[path = "timeouts.rs"]
mod timeouts;

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{self, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, pause};
use shared::sync::Event;
use shared::{Child, Exit, Process, Result};

pub(crate) use self::timeouts::{TENTH, fails_after_its_timeout};
use crate::harness::{deadline, eventually, play, state};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
/// After this, what has not come will not come. It is long enough for a machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// How many kills a storm has: a plain run makes a tenth of those that `STORM=full` makes.
pub(crate) fn kills(full: u32) -> u32 {
    if env::var_os("STORM").is_some_and(|storm| storm == "full") { full } else { full / 10 }
}

/// A number of sleeps of a tenth of a second that takes longer than the harness waits.
///
/// A sleeper that misses its wake-up checks again by itself after a tenth of a second. If that happens once, a busy
/// machine may be the cause. A test in which it happens every time exceeds its deadline.
pub(crate) fn many_checks() -> u128 {
    deadline().as_millis() / TENTH.as_millis() * 4 / 3
}

/// The call must give up at its timeout, not at its next check, which is a thousand times as far away.
pub(crate) fn keeps_short_timeouts<T>(mut call: impl FnMut(Duration) -> T) {
    (0..many_checks()).for_each(|_| drop(call(TENTH / 1000)));
}

pub(crate) fn start(work: impl FnOnce() -> Result<()>) -> Child {
    Process::new(work).start().unwrap()
}

/// A child that does its work and then waits to be killed. Returns when the work is done.
pub(crate) fn start_and_stay(work: impl FnOnce() -> Result<()>) -> Child {
    let done = Event::new().unwrap();
    let child = start(|| {
        work()?;
        done.set();
        loop {
            pause();
        }
    });
    assert!(done.wait_timeout(PATIENCE), "the child has not done its work");
    child
}

pub(crate) fn join_all(children: impl IntoIterator<Item = Child>) {
    for child in children {
        assert_eq!(child.join().unwrap(), Exit::Code(0));
    }
}

pub(crate) fn asleep(pid: Pid) {
    eventually("it sleeps", PATIENCE, || state(pid).is_some_and(|(state, _)| state == 'S'));
}

/// Stops a process by a signal, and returns when it has stopped.
pub(crate) fn stop(pid: Pid) {
    kill(pid, Signal::SIGSTOP).unwrap();
    eventually("it stops", PATIENCE, || state(pid).is_some_and(|(state, _)| state == 'T'));
}

/// Starts this program once more, in its own process group, to play an act. Returns when the act has said that it is
/// ready.
///
/// From here on, orphans become children of this process.
pub(crate) fn actor(act: &str) -> process::Child {
    start_actor(play(act))
}

/// The same, for an act that a command plays.
pub(crate) fn start_actor(mut command: Command) -> process::Child {
    prctl::set_child_subreaper(true).unwrap();
    command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut actor = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(actor.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    actor
}

/// Reaps every child and every orphan. Panics if one of them is alive after the timeout.
pub(crate) fn all_end_within(timeout: Duration) {
    let start = Instant::now();
    loop {
        match waitpid(None::<Pid>, Some(WaitPidFlag::WNOHANG)) {
            Err(Errno::ECHILD) => return,
            Ok(WaitStatus::StillAlive) => {
                assert!(start.elapsed() < timeout, "alive after {timeout:?}");
                thread::sleep(Duration::from_millis(1));
            }
            end => drop(end.unwrap()),
        }
    }
}
