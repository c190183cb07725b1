//! The caller's side: gives tasks out, takes results in, and keeps each until somebody asks for it.

use std::cell::RefCell;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::builder::Dispatch;
use super::common::{Common, Id};
use super::master::Master;
use super::pending::{Pending, Task};
use super::task::{self, Outcome};
use crate::deadline::{SLICE, is_over};
use crate::ring::Ring;
use crate::sys::Call;
use crate::{Error, Result, descriptor, wire};

/// How many answers to take in before a look at the clock.
const BATCH: usize = 1024;

#[derive(Debug)]
pub(super) struct Caller {
    common: Rc<Common>,
    dispatch: Dispatch,
    /// How many forks lay before this process when the pool was made: in a child there is one more.
    generation: u32,
    /// A moment that is over: the deadline of those who do not wait.
    past: Instant,
    state: RefCell<State>,
}

#[derive(Debug)]
struct State {
    /// Until it has been joined.
    master: Option<Master>,
    /// For each queue the tasks that are not answered.
    pending: Vec<Pending>,
    /// How often a queue was chosen.
    turn: usize,
    /// Why no task will be done any more.
    failure: Option<Outcome>,
}

impl Caller {
    pub(super) fn new(common: Rc<Common>, master: Master, dispatch: Dispatch) -> Self {
        let pending = common.tasks.iter().map(|_| Pending::default()).collect();
        let state = State { master: Some(master), pending, turn: 0, failure: None };
        let (generation, past) = (descriptor::generation(), Instant::now());
        Self { common, dispatch, generation, past, state: RefCell::new(state) }
    }

    /// Gives out a task: `call` will decode the argument, a single one or a chunk, and call the function. The answer
    /// will hold what `call` encodes: a result, or a chunk of them.
    pub(super) fn submit<A, R, B: Serialize>(
        &self,
        function: fn(A) -> R,
        call: Call<fn(A) -> R>,
        argument: &B,
    ) -> Result<Rc<Task>> {
        let queue = self.choose();
        let number = wire::with_buffer(|message| {
            task::write(&self.common.functions, function, call, argument, message)?;
            loop {
                self.check()?;
                match self.common.tasks[queue].put(message, Some(self.past)) {
                    // The workers may be waiting as well, for room for their results.
                    Err(Error::Full { .. }) => self.take_in(Instant::now() + SLICE / 10)?,
                    put => return put,
                }
            }
        })?;
        let task = Rc::new(Task::default());
        self.state.borrow_mut().pending[queue].push(number, Rc::clone(&task));
        Ok(task)
    }

    pub(super) fn workers(&self) -> usize {
        self.common.doing.len()
    }

    /// Which queue gets the next task.
    fn choose(&self) -> usize {
        let queues = self.common.tasks.len();
        let mut state = self.state.borrow_mut();
        state.turn += 1;
        match self.dispatch {
            Dispatch::Shared => 0,
            Dispatch::RoundRobin => (state.turn - 1) % queues,
            Dispatch::Random => fastrand::usize(..queues),
        }
    }

    /// Takes answers in until something holds: `false` if it does not at the deadline.
    pub(super) fn wait_until(
        &self,
        deadline: Option<Instant>,
        holds: impl Fn() -> bool,
    ) -> Result<bool> {
        while !holds() {
            self.check()?;
            let is_over = is_over(deadline);
            let slice = Instant::now() + SLICE;
            self.take_in(deadline.map_or(slice, |deadline| deadline.min(slice)))?;
            if is_over {
                return Ok(holds());
            }
        }
        Ok(true)
    }

    /// Takes in the answers that are there, or the first to come until the deadline.
    fn take_in(&self, deadline: Instant) -> Result<()> {
        let results = &self.common.results;
        wire::with_buffer(|message| {
            match results.get(message, Some(deadline), |_, _| {}) {
                Ok(()) => self.file(message)?,
                Err(Error::Empty) => return self.look_after_master(),
                Err(error) => return Err(error),
            }
            // Those that are there now, as far as they take little time. Others come meanwhile.
            for _ in 0..results.len().min(BATCH) {
                // A callback may have taken in some of them.
                if results.get(message, Some(self.past), |_, _| {}).is_err() {
                    break;
                }
                self.file(message)?;
            }
            Ok(())
        })
    }

    fn take_in_rest(&self) -> Result<()> {
        while !self.common.results.is_empty() {
            self.take_in(self.past)?;
        }
        Ok(())
    }

    fn file(&self, mut message: &[u8]) -> Result<()> {
        let (Id { queue, number }, outcome) = wire::take(&mut message)?;
        if let Outcome::PoolFailed(_) = outcome {
            self.fail(&outcome);
            return Ok(());
        }
        // Of two answers the first counts: a worker may die just after it has sent its own.
        let task = self.state.borrow_mut().pending[queue as usize].take(number);
        if let Some(task) = task {
            task.settle(outcome, message);
        }
        Ok(())
    }

    /// All tasks that are not done, and those to come, have this outcome.
    fn fail(&self, outcome: &Outcome) {
        let mut state = self.state.borrow_mut();
        state.failure.get_or_insert_with(|| outcome.clone());
        let pending: Vec<_> = state.pending.iter_mut().flat_map(Pending::take_all).collect();
        drop(state); // A callback may call the pool.
        pending.iter().for_each(|task| task.settle(outcome.clone(), &[]));
    }

    fn check(&self) -> Result<()> {
        if !self.is_here() {
            return Err(Error::NotParent);
        }
        self.state.borrow().failure.as_ref().map_or(Ok(()), Outcome::check)
    }

    /// In a forked child the pool is a copy, and its processes are the parent's.
    fn is_here(&self) -> bool {
        self.generation == descriptor::generation()
    }

    fn pending(&self) -> usize {
        self.state.borrow().pending.iter().map(Pending::len).sum()
    }

    /// If the master has ended and no answer is left, there will be none for what is pending.
    fn look_after_master(&self) -> Result<()> {
        let poll = |master: &mut Master| master.child.join_timeout(Duration::ZERO);
        let exit = self.state.borrow_mut().master.as_mut().map(poll).transpose()?;
        let Some(exit) = exit.flatten() else { return Ok(()) };
        // In this order: what was sent before its end is there.
        if self.pending() > 0 && self.common.results.is_empty() {
            self.fail(&Outcome::PoolFailed(format!("its master ended: {exit}")));
        }
        Ok(())
    }

    /// No further task can come.
    pub(super) fn close(&self) {
        // A copy closed is not the pool closed.
        if self.is_here() {
            self.common.tasks.iter().for_each(Ring::close);
        }
    }

    /// Waits until all tasks are done and all processes have ended: `false` if that is not so at the deadline.
    pub(super) fn join(&self, deadline: Option<Instant>) -> Result<bool> {
        if !self.wait_until(deadline, || self.pending() == 0)? {
            return Ok(false);
        }
        self.check()?;
        let mut state = self.state.borrow_mut();
        let Some(master) = &mut state.master else { return Ok(true) };
        let limit =
            deadline.map_or(Duration::MAX, |deadline| deadline.duration_since(Instant::now()));
        let has_ended = master.child.join_timeout(limit)?.is_some();
        if !has_ended {
            return Ok(false);
        }
        state.master = None;
        drop(state);
        self.take_in_rest()?; // Among it why the pool has failed, perhaps.
        self.check().map(|()| true)
    }

    /// Kills the workers, and answers what is pending.
    pub(super) fn terminate(&self) -> Result<()> {
        if !self.is_here() {
            return Err(Error::NotParent);
        }
        let stopped = self.stop();
        self.fail(&Outcome::Terminated);
        stopped
    }

    /// The pool is dropped.
    pub(super) fn leave(&self) {
        if !self.is_here() || self.state.borrow().master.is_none() {
            return;
        }
        if thread::panicking() {
            // One of them may have panicked, and a second panic now would abort the process.
            let state = self.state.borrow();
            let callbacks: Vec<_> =
                state.pending.iter().flat_map(Pending::take_callbacks).collect();
            drop(state); // What they have captured may use the pool when it is dropped.
            drop(callbacks);
        }
        let _ = self.stop();
        let pending = self.pending();
        if pending > 0 {
            eprintln!(
                "a pool was dropped with {pending} tasks not done; close and join it, or terminate it"
            );
        }
        self.fail(&Outcome::Terminated);
    }

    /// Kills the workers, and takes in what they have done before: that stays done.
    fn stop(&self) -> Result<()> {
        let mut state = self.state.borrow_mut();
        state.failure.get_or_insert(Outcome::Terminated); // A callback that asks for more must not wait.
        let master = state.master.take();
        drop(state);
        master.map_or(Ok(()), Master::stop)?;
        self.take_in_rest()
    }
}
