//! A thread of the explored program: where it is, and what it has read so far.
//!
//! The engine cannot look into a thread's stack. But a thread that has read the same is at the same place, with the
//! same values in its variables. So each thread keeps a hash of all that it has read, its *history*.

use std::any::Any;
use std::mem;
use std::rc::Rc;

use super::hash::mix;
use super::op::{Id, NONE, Op, Place, Point};
use crate::fiber::Body;
use crate::memory::{Knowledge, VectorClock};
use crate::report::Panic;

/// How often in a row a thread may yield, or give up waiting, before it is held back until another one acts.
pub const FRUITLESS: u8 = 2;

pub(crate) struct Thread {
    /// The name that the program gave it.
    name: Option<String>,
    /// A hash that names it in every schedule: of the thread that started it, and how many that had started.
    hash: u64,
    /// The scope that it belongs to.
    scope: Option<Id>,
    /// What it runs, until it starts.
    body: Option<Body>,
    /// What it does next.
    next: Point,
    history: u64,
    has_ended: bool,
    /// It is panicking, or is unwound because its schedule was abandoned: what runs now is a destructor.
    is_unwinding: bool,
    /// Its last panic.
    panic: Option<Panic>,
    /// How often it has yielded since another thread acted.
    yields: u8,
    /// Whether it was unparked and has not parked since, and what those threads knew that have unparked it.
    is_unparked: bool,
    unparked: VectorClock,
    /// The text that it is about to print.
    text: String,
    /// The value that it is about to store in an atomic, and how to show it.
    stored: (u64, fn(u64) -> String),
    /// How many threads it has started, and how many objects it has made.
    started: u64,
    made: u64,
    /// Its values of each `thread_local!`, by the key's address.
    locals: Vec<(usize, Rc<dyn Any>)>,
    /// What it knows of the stores of other threads. Only with weak memory.
    knowledge: Knowledge,
}

impl Thread {
    pub(crate) fn main(body: Body, at: Place) -> Self {
        let (hash, history) = (1, 1);
        Self::new((hash, history), None, None, body, at)
    }

    /// A thread that this one starts.
    #[inline]
    pub(crate) fn child(
        &mut self,
        name: Option<String>,
        scope: Option<Id>,
        body: Body,
        at: Place,
    ) -> Self {
        self.started += 1;
        let hash = mix(mix(self.hash, 5), self.started);
        let history = mix(hash, self.history);
        Self::new((hash, history), name, scope, body, at)
    }

    #[inline]
    fn new(
        (hash, history): (u64, u64),
        name: Option<String>,
        scope: Option<Id>,
        body: Body,
        at: Place,
    ) -> Self {
        Self {
            name,
            hash,
            scope,
            body: Some(body),
            next: Point { op: Op::Start, object: NONE, at },
            history,
            has_ended: false,
            is_unwinding: false,
            panic: None,
            yields: 0,
            is_unparked: false,
            unparked: VectorClock::default(),
            text: String::new(),
            stored: (0, |value| value.to_string()),
            started: 0,
            made: 0,
            locals: Vec::new(),
            knowledge: Knowledge::default(),
        }
    }

    /// A hash that names an object which this thread makes.
    #[inline]
    pub(crate) fn name_object(&mut self) -> u64 {
        self.made += 1;
        mix(mix(self.hash, 3), self.made)
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// A hash that names it in every schedule.
    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    #[inline]
    pub(crate) fn scope(&self) -> Option<Id> {
        self.scope
    }

    /// What it runs, if it has not started.
    #[inline]
    pub(crate) fn take_body(&mut self) -> Option<Body> {
        self.body.take()
    }
}

/// Where it is.
impl Thread {
    /// What it does next, or has begun to do.
    #[inline]
    pub(crate) fn next(&self) -> Point {
        self.next
    }

    #[inline]
    pub(crate) fn arrive(&mut self, point: Point) {
        self.next = point;
    }

    /// Lets a thread that is asleep want its lock.
    pub(crate) fn wake(&mut self) {
        if let Op::Asleep { lock, .. } = self.next.op {
            self.next = Point { op: Op::Lock, object: lock, at: self.next.at };
        }
    }

    #[inline]
    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended
    }

    pub(crate) fn end(&mut self) {
        self.has_ended = true;
    }

    #[inline]
    pub(crate) fn is_unwinding(&self) -> bool {
        self.is_unwinding
    }

    #[inline]
    pub(crate) fn set_unwinding(&mut self, is_unwinding: bool) {
        self.is_unwinding = is_unwinding;
    }

    pub(crate) fn panic(&self) -> Option<&Panic> {
        self.panic.as_ref()
    }

    pub(crate) fn set_panic(&mut self, panic: Panic) {
        self.is_unwinding = true;
        self.panic = Some(panic);
    }

    /// Notes that it lets others go first, or has waited in vain.
    pub(crate) fn yields(&mut self) {
        self.yields = self.yields.saturating_add(1).min(FRUITLESS);
    }

    /// Lets it yield again: another thread has acted.
    pub(crate) fn reset_yields(&mut self) {
        self.yields = 0;
    }

    /// Whether it has yielded as often as it may.
    #[inline]
    pub(crate) fn is_fruitless(&self) -> bool {
        self.yields >= FRUITLESS
    }

    #[inline]
    pub(crate) fn is_unparked(&self) -> bool {
        self.is_unparked
    }

    /// Lets it go on from a park, and learn there what another thread knows.
    pub(crate) fn unpark(&mut self, clock: &VectorClock) {
        self.is_unparked = true;
        self.unparked.join(clock);
    }

    /// Returns whether it was unparked.
    pub(crate) fn park(&mut self) -> bool {
        let unparked = mem::take(&mut self.unparked);
        self.knowledge.clock.join(&unparked);
        mem::take(&mut self.is_unparked)
    }
}

/// What it has read, and what is its own.
impl Thread {
    #[inline]
    pub(crate) fn history(&self) -> u64 {
        self.history
    }

    /// Notes that it has read what has this hash.
    #[inline]
    pub(crate) fn reads(&mut self, content: u64) {
        self.history = mix(self.history, content);
    }

    /// A hash of where it is and of what it has read. `object` names what its next step uses.
    #[inline]
    pub(crate) fn fingerprint(&self, object: u64) -> u64 {
        let Point { op, at, .. } = self.next;
        let next = mix(op.tag(), mix(object, u64::from(at.line())));
        let flags = u64::from(self.yields) << 2
            | u64::from(self.is_unparked) << 1
            | u64::from(self.has_ended);
        mix(mix(self.hash, self.history), mix(next, flags))
    }

    pub(crate) fn knowledge(&mut self) -> &mut Knowledge {
        &mut self.knowledge
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// An empty text, with the memory of the last one.
    pub(crate) fn take_text(&mut self) -> String {
        let mut text = mem::take(&mut self.text);
        text.clear();
        text
    }

    pub(crate) fn set_text(&mut self, text: String) {
        self.text = text;
    }

    /// The value that it is about to store, as the program shows it.
    pub(crate) fn stored(&self) -> String {
        let (value, show) = self.stored;
        show(value)
    }

    #[inline]
    pub(crate) fn set_stored(&mut self, value: u64, show: fn(u64) -> String) {
        self.stored = (value, show);
    }

    /// Its value of the `thread_local!` with this address, if it has one.
    pub(crate) fn local(&self, key: usize) -> Option<Rc<dyn Any>> {
        let local = self.locals.iter().find(|(other, _)| *other == key);
        local.map(|(_, value)| Rc::clone(value))
    }

    pub(crate) fn set_local(&mut self, key: usize, value: Rc<dyn Any>) {
        self.locals.push((key, value));
    }

    /// All its values of a `thread_local!`. Their destructors may do anything, so the engine must not be in use then.
    #[inline]
    pub(crate) fn take_locals(&mut self) -> Vec<(usize, Rc<dyn Any>)> {
        mem::take(&mut self.locals)
    }
}
