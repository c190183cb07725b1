//! The caller's side: gives tasks out, takes results in, and keeps each until somebody asks for it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::Handle;
use super::builder::Dispatch;
use super::master::Master;
use super::task::{self, Board, Id, Outcome};
use crate::sync::{SLICE, is_over};
use crate::sys::Call;
use crate::{Error, Result, wire};

/// How long the master may take to kill the workers before it is killed itself.
const PATIENCE: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(super) struct Desk {
    board: Rc<Board>,
    dispatch: Dispatch,
    state: RefCell<State>,
}

#[derive(Debug)]
struct State {
    /// Until it has been joined.
    master: Option<Master>,
    /// Given out, or answered and not yet forgotten.
    tasks: HashMap<Id, Task>,
    /// How many are not answered.
    open: usize,
    /// How many were ever given out.
    given: usize,
    /// Why no task will be done any more.
    failure: Option<Outcome>,
}

#[derive(Default)]
struct Task {
    answer: Option<Rc<Answer>>,
    callback: Option<Callback>,
    is_forgotten: bool,
}

type Callback = Box<dyn FnOnce(Rc<Answer>)>;

/// What has become of a task, and its results.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) values: Vec<u8>,
}

impl Desk {
    pub(super) fn new(board: Rc<Board>, master: Master, dispatch: Dispatch) -> Self {
        let tasks = HashMap::new();
        let state = State { master: Some(master), tasks, open: 0, given: 0, failure: None };
        Self { board, dispatch, state: RefCell::new(state) }
    }

    /// Gives out a task: `call` will decode the argument and call the function.
    pub(super) fn submit<A, R, B: Serialize, S>(
        self: &Rc<Self>,
        function: fn(A) -> R,
        call: Call<fn(A) -> R>,
        argument: &B,
    ) -> Result<Handle<S>> {
        let queue = self.choose();
        let number = wire::with_buffer(|task| {
            task::write(&self.board.functions, function, call, argument, task)?;
            loop {
                self.check()?;
                match self.board.tasks[queue].put(task, Some(Instant::now() + SLICE / 10)) {
                    // The workers may be waiting as well, for room for their results.
                    Err(Error::Full { .. }) => self.take_in(Instant::now())?,
                    put => return put,
                }
            }
        })?;
        let id = Id { queue: queue as u32, number };
        let mut state = self.state.borrow_mut();
        state.tasks.insert(id, Task::default());
        state.open += 1;
        Ok(Handle::new(self, id))
    }

    pub(super) fn workers(&self) -> usize {
        self.board.doing.len()
    }

    /// Which queue gets the next task.
    fn choose(&self) -> usize {
        let queues = self.board.tasks.len();
        let mut state = self.state.borrow_mut();
        state.given += 1;
        match self.dispatch {
            Dispatch::Shared => 0,
            Dispatch::RoundRobin => (state.given - 1) % queues,
            Dispatch::Random => fastrand::usize(..queues),
        }
    }

    /// What has become of the task, as soon as that is known; `None` at the deadline.
    pub(super) fn answer(&self, id: Id, deadline: Option<Instant>) -> Result<Option<Rc<Answer>>> {
        let answer = || self.state.borrow().tasks[&id].answer.clone();
        self.wait_until(deadline, || answer().is_some())?;
        Ok(answer())
    }

    /// Calls the callback once, when the task is answered: now, if it is.
    pub(super) fn on_answer(&self, id: Id, callback: Callback) {
        let mut state = self.state.borrow_mut();
        let task = state.tasks.get_mut(&id).expect("a handle's task is known");
        match task.answer.clone() {
            Some(answer) => {
                drop(state); // The callback may call the pool.
                callback(answer);
            }
            None => task.callback = Some(callback),
        }
    }

    /// Nobody will ask for the answer.
    pub(super) fn forget(&self, id: Id) {
        let mut state = self.state.borrow_mut();
        match state.tasks.get_mut(&id) {
            Some(task) if task.answer.is_none() => task.is_forgotten = true,
            _ => drop(state.tasks.remove(&id)),
        }
    }

    /// Takes answers in until something holds: `false` if it does not at the deadline.
    pub(super) fn wait_until(
        &self,
        deadline: Option<Instant>,
        holds: impl Fn() -> bool,
    ) -> Result<bool> {
        while !holds() {
            if is_over(deadline) {
                return Ok(false);
            }
            let slice = Instant::now() + SLICE;
            self.take_in(deadline.map_or(slice, |deadline| deadline.min(slice)))?;
        }
        Ok(true)
    }

    /// Takes in the answers that are there, or the first to come until the deadline.
    fn take_in(&self, deadline: Instant) -> Result<()> {
        let results = &self.board.results;
        wire::with_buffer(|message| {
            match results.get(message, Some(deadline), |_| {}) {
                Ok(()) => self.file(message)?,
                Err(Error::Empty) => return self.look_after_master(),
                Err(error) => return Err(error),
            }
            while !results.is_empty() && results.get(message, Some(deadline), |_| {}).is_ok() {
                self.file(message)?;
            }
            Ok(())
        })
    }

    fn file(&self, mut message: &[u8]) -> Result<()> {
        let (id, outcome) = wire::take(&mut message)?;
        match outcome {
            Outcome::PoolFailed(_) => self.fail(&outcome),
            outcome => self.settle(id, Answer { outcome, values: message.to_vec() }),
        }
        Ok(())
    }

    /// A task is answered. Of several answers the first counts: a worker may die just after it has sent its own.
    fn settle(&self, id: Id, answer: Answer) {
        let mut state = self.state.borrow_mut();
        let Some(task) = state.tasks.get_mut(&id).filter(|task| task.answer.is_none()) else {
            return;
        };
        let answer = Rc::new(answer);
        task.answer = Some(Rc::clone(&answer));
        let callback = task.callback.take();
        if task.is_forgotten {
            state.tasks.remove(&id);
        }
        state.open -= 1;
        drop(state); // The callback may call the pool.
        if let Some(callback) = callback {
            callback(answer);
        }
    }

    /// All tasks that are not done, and those to come, have this outcome.
    fn fail(&self, outcome: &Outcome) {
        let mut state = self.state.borrow_mut();
        state.failure.get_or_insert_with(|| outcome.clone());
        let open = state.tasks.iter().filter(|(_, task)| task.answer.is_none());
        let open: Vec<_> = open.map(|(id, _)| *id).collect();
        drop(state);
        for id in open {
            self.settle(id, Answer { outcome: outcome.clone(), values: Vec::new() });
        }
    }

    fn check(&self) -> Result<()> {
        self.state.borrow().failure.as_ref().map_or(Ok(()), Outcome::check)
    }

    /// If the master has ended and no answer is left, there will be none for what is open.
    fn look_after_master(&self) -> Result<()> {
        let state = self.state.borrow();
        let master = state.master.as_ref();
        if state.open == 0 || master.is_some_and(|master| master.child.is_alive()) {
            return Ok(());
        }
        let is_here = master.is_none_or(|master| master.leash.get().is_some());
        drop(state);
        if !is_here {
            return Err(Error::NotParent);
        }
        if self.board.results.is_empty() {
            self.fail(&Outcome::PoolFailed("its master was killed".to_owned()));
        }
        Ok(())
    }

    /// No further task can come.
    pub(super) fn close(&self) {
        self.board.tasks.iter().for_each(crate::ring::Ring::close);
    }

    /// Waits until all tasks are done and all processes have ended: `false` if that is not so at the deadline.
    pub(super) fn join(&self, deadline: Option<Instant>) -> Result<bool> {
        if !self.wait_until(deadline, || self.state.borrow().open == 0)? {
            return Ok(false);
        }
        self.check()?;
        let mut state = self.state.borrow_mut();
        let Some(master) = &mut state.master else { return Ok(true) };
        let limit =
            deadline.map_or(Duration::MAX, |deadline| deadline.duration_since(Instant::now()));
        let has_ended = master.child.join_timeout(limit)?.is_some();
        if has_ended {
            state.master = None;
        }
        Ok(has_ended)
    }

    /// Kills the workers, and answers what is open.
    pub(super) fn terminate(&self) -> Result<()> {
        let master = self.state.borrow_mut().master.take();
        if let Some(Master { mut child, leash }) = master {
            drop(leash);
            // One that has been stopped does not hear. When it is killed, the system kills its workers.
            if child.join_timeout(PATIENCE)?.is_none() {
                child.kill()?;
                child.join()?;
            }
        }
        self.fail(&Outcome::Terminated);
        Ok(())
    }

    /// The pool is dropped.
    pub(super) fn leave(&self) {
        let state = self.state.borrow();
        // In a forked child the pool is a copy, and its processes are the parent's.
        let is_here = state.master.as_ref().is_some_and(|master| master.leash.get().is_some());
        let open = state.open;
        drop(state);
        if is_here {
            if open > 0 {
                eprintln!(
                    "a pool was dropped with {open} tasks not done; close and join it, or terminate it"
                );
            }
            let _ = self.terminate();
        }
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("answer", &self.answer).finish_non_exhaustive()
    }
}
