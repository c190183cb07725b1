//! What can happen next in a run: each held thread that may go on, and what it then does.

mod eligible;

use std::time::Duration;

use self::eligible::{Candidate, Rules};
use super::point::Point;
use super::run::Run;
use super::signals;
use super::threads::{Held, Thread};
use super::wording::Wording;
use crate::direct::{Act, Move, Name};

/// One of the options: the thread that goes on, and its move, as the host sees it too.
pub(super) struct Possible {
    pub(super) tid: i32,
    pub(super) shown: Move,
}

/// All moves that are possible, in the order of the threads' names.
pub(super) fn moves(run: &Run) -> Vec<Possible> {
    let threads = run.threads.in_order().into_iter();
    let could: Vec<CouldGoOn<'_>> = threads.filter_map(|one| CouldGoOn::read(run, one)).collect();
    let timer = run.time.first_timer().map(Candidate::timer);
    let candidates: Vec<Candidate> = could.iter().map(|it| it.candidate).chain(timer).collect();
    let rules = Rules::among(&candidates, &run.direction);
    let allowed = could.into_iter().filter(|it| rules.allow(&it.candidate));
    allowed.map(|it| it.possible(run)).collect()
}

/// A held thread that could go on, even if only at its timeout.
struct CouldGoOn<'a> {
    name: &'a Name,
    tid: i32,
    pid: i32,
    held: &'a Held,
    candidate: Candidate,
}

impl<'a> CouldGoOn<'a> {
    /// None if the thread is not held, or must go on waiting.
    fn read(run: &Run, (name, tid, thread): (&'a Name, i32, &'a Thread)) -> Option<Self> {
        let held = thread.held.as_ref()?;
        let pid = thread.pid;
        let act = act(run, tid, pid, held)?;
        let candidate = Candidate {
            act,
            since: held.since,
            due: due(run, tid, pid, held),
            is_tired: thread.fatigue.is_tired_of(act),
        };
        Some(Self { name, tid, pid, held, candidate })
    }

    fn possible(self, run: &Run) -> Possible {
        let Self { name, tid, pid, held, candidate } = self;
        let Wording { text, neutral } = Wording::of(run, &held.point);
        let shown = Move { thread: name.clone(), pid, act: candidate.act, text, neutral };
        Possible { tid, shown }
    }
}

/// What the thread does if it is let go. None if it must go on waiting.
fn act(run: &Run, tid: i32, pid: i32, held: &Held) -> Option<Act> {
    let is_interrupted = || signals::is_interrupted(pid, tid);
    match &held.point {
        Point::Begin => Some(Act::Begin),
        Point::Print(_) => Some(Act::Print),
        Point::Return(_) => Some(Act::Return),
        Point::Sleep(_) => Some(Act::EndSleep),
        Point::Wake { .. } => Some(Act::Wake),
        Point::Signal(_) => Some(Act::Signal),
        Point::Spawned => Some(Act::Spawned),
        Point::Exit => Some(Act::Exit),
        Point::Wait(wait)
            if run.wakes.may_wake(&held.reached) || wait.has_changed() || is_interrupted() =>
        {
            Some(Act::EndWait)
        }
        Point::Poll(polled, _) if polled.is_ready(pid) || is_interrupted() => Some(Act::EndPoll),
        Point::Wait(_) | Point::Poll(..) => held.due.map(|_| Act::TimeOut),
    }
}

/// When the call is over, in the program's time. A signal ends a sleep at once.
fn due(run: &Run, tid: i32, pid: i32, held: &Held) -> Duration {
    let due = held.due.unwrap_or_default();
    match held.point {
        Point::Sleep(_) if signals::is_interrupted(pid, tid) => due.min(run.time.passed()),
        _ => due,
    }
}
