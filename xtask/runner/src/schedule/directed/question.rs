//! The question that the host is asked: the options, why the other threads are blocked, and a number for the state.

use std::hash::{DefaultHasher, Hash, Hasher};

use nix::unistd::Pid;

use super::point::Point;
use super::possible::Possible;
use super::run::Run;
use super::threads::Thread;
use crate::direct::{Blocked, Question, Step};
use crate::waits::{Waits, WaitsFor};

/// The question which of these options is next. `steps` is what has happened since the last question.
pub(super) fn about(run: &Run, options: &[Possible], steps: Vec<Step>) -> Question {
    Question {
        steps,
        options: options.iter().map(|option| option.shown.clone()).collect(),
        blocked: blocked(run, options),
        state: signature(run, options),
    }
}

/// All threads that cannot go on.
fn blocked(run: &Run, options: &[Possible]) -> Vec<Blocked> {
    let threads = run.threads.in_order();
    let pids = threads.iter().map(|(_, _, thread)| Pid::from_raw(thread.pid));
    let waits = run.direction.explain.then(|| Waits::among(pids));
    let is_option = |tid: i32| options.iter().any(|option| option.tid == tid);
    let blocked = threads.into_iter().filter(|(_, tid, _)| !is_option(*tid));
    blocked
        .map(|(name, tid, thread)| Blocked {
            thread: name.clone(),
            pid: thread.pid,
            on: waits.as_ref().map(|waits| waits_for(waits, tid, thread)),
        })
        .collect()
}

/// What a blocked thread waits for. If it is held in a poll, the kernel knows its descriptors, as if it were not held.
fn waits_for(waits: &Waits, tid: i32, thread: &Thread) -> WaitsFor {
    match thread.held.as_ref().map(|held| &held.point) {
        Some(Point::Sleep(_)) => WaitsFor::Pause,
        None | Some(Point::Poll(..)) => waits.of_thread(Pid::from_raw(thread.pid), tid).on,
        Some(_) => WaitsFor::Futex,
    }
}

/// A number for the state: who is alive, how far each has come, what each can do, and what has been printed.
fn signature(run: &Run, options: &[Possible]) -> u64 {
    let mut hasher = DefaultHasher::new();
    run.printed.hash(&mut hasher);
    for (name, tid, thread) in run.threads.in_order() {
        let option = options.iter().find(|option| option.tid == tid);
        let can = option.map(|option| (option.shown.act, &option.shown.neutral));
        (name, thread.passed, thread.held.is_some(), can).hash(&mut hasher);
    }
    hasher.finish()
}
