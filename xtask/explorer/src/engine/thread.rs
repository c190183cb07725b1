//! What the engine knows of a thread.

use std::any::Any;
use std::rc::Rc;

use super::op::{Id, NONE, Op, Place, Point};
use crate::memory::{Knowledge, VectorClock};
use crate::report::Panic;

pub(crate) struct Thread {
    /// The name that the program gave it.
    pub(crate) name: Option<String>,
    /// What it does next.
    pub(crate) next: Point,
    pub(crate) has_ended: bool,
    /// It is panicking, or is unwound because its schedule was abandoned: what runs now is a destructor.
    pub(crate) is_unwinding: bool,
    /// Its last panic.
    pub(crate) panic: Option<Panic>,
    /// The scope that it belongs to.
    pub(crate) scope: Option<Id>,
    /// Whether it was unparked and has not parked since.
    pub(crate) token: bool,
    /// What those threads knew that have unparked it. Only with weak memory.
    pub(crate) unparked: VectorClock,
    /// The text that it is about to print.
    pub(crate) text: String,
    /// How often it has yielded since another thread acted.
    pub(crate) yields: u8,
    /// A hash that names it in every schedule: of the thread that started it, and how many that had started.
    pub(crate) hash: u64,
    /// A hash of all that it has read. It tells where the thread is: see `state.rs`.
    pub(crate) history: u64,
    /// How many threads it has started, and how many objects it has made.
    pub(crate) started: u64,
    pub(crate) made: u64,
    /// Its values of each `thread_local!`, by the key's address.
    pub(crate) locals: Vec<(usize, Rc<dyn Any>)>,
    /// What it knows of the stores of other threads. Only with weak memory.
    pub(crate) knowledge: Knowledge,
}

impl Thread {
    pub(crate) fn new(name: Option<String>, hash: u64, at: Place) -> Self {
        Self {
            name,
            next: Point { op: Op::Start, object: NONE, at },
            has_ended: false,
            is_unwinding: false,
            panic: None,
            scope: None,
            token: false,
            unparked: VectorClock::default(),
            text: String::new(),
            yields: 0,
            hash,
            history: hash,
            started: 0,
            made: 0,
            locals: Vec::new(),
            knowledge: Knowledge::default(),
        }
    }
}
