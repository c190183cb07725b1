//! The engine plays one schedule of a program at a time.
//!
//! A thread reports each step that others could see before it makes it, at a *point*. There the scheduler chooses the
//! thread that goes on, and the others wait. So every step of the program comes down this way:
//!
//! 1. A type of `swapped` calls [`act`] with the step. Its thread comes to a point.
//! 2. The `scheduler` looks at the `state`, to see which threads can go on. If there are several, it asks the `search`.
//!    If it is another thread's turn, this one is suspended, and the player (`play`) resumes the other one.
//! 3. When it is the first thread's turn, the thread makes its step, which changes the state.
//! 4. [`Engine::did`] adds to the thread's history what the step has read, and to the `trace` what it did.
//!
//! A few steps come to a point although no other thread can see them, such as a start or a join. They are made at once,
//! without a choice.
//!
//! The state has each `thread`, and the `objects` that the threads share. How threads start and end is in `threads`.

pub(crate) mod hash;
pub(crate) mod objects;
mod op;
pub(crate) mod play;
pub(crate) mod progress;
mod scheduler;
pub(crate) mod search;
mod state;
mod thread;
pub(crate) mod threads;
mod trace;

use std::cell::RefCell;

pub use self::scheduler::STEPS;
pub use self::thread::FRUITLESS;

pub(crate) use self::op::{Id, NONE, Op, Place, Point};
pub(crate) use self::scheduler::Ended;
pub(crate) use self::state::State;
pub(crate) use self::trace::Trace;

use self::scheduler::Scheduler;
use self::search::{Kind, Search};
use self::thread::Thread;
use crate::fiber::{self, Body};
use crate::report::{Memory, Question, Step};

thread_local! {
    static ENGINE: RefCell<Engine> = const { RefCell::new(Engine::IDLE) };
}

/// One schedule, while it is played.
pub(crate) struct Engine {
    state: State,
    scheduler: Scheduler,
    trace: Trace,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No thread runs.
    Idle,
    /// The threads run, until the schedule has ended.
    Playing,
    /// Every thread that is resumed unwinds.
    Abandoned,
}

/// What a thread does at a point.
enum Turn {
    Go,
    Suspend,
    Unwind,
    /// It can do nothing any more, not even unwind.
    Stay,
}

/// Calls `f` with the engine.
#[inline]
pub(crate) fn with<R>(f: impl FnOnce(&mut Engine) -> R) -> R {
    ENGINE.with_borrow_mut(f)
}

/// The same, unless the engine is in use.
fn try_with<R>(f: impl FnOnce(&mut Engine) -> R) -> Option<R> {
    ENGINE.with(|engine| engine.try_borrow_mut().ok().map(|mut engine| f(&mut engine)))
}

/// Reports a step, waits for its turn, and makes it.
#[inline]
pub(crate) fn act<R>(op: Op, object: Id, at: Place, step: impl FnOnce(&mut Engine) -> R) -> R {
    point(op, object, at);
    with(step)
}

/// Reports a step, and returns when it is this thread's turn to make it.
#[inline]
pub(crate) fn point(op: Op, object: Id, at: Place) {
    let turn = with(|engine| engine.arrive(Point { op, object, at }));
    match turn {
        Turn::Go => {}
        Turn::Suspend => {
            fiber::suspend();
            if with(|engine| engine.is_abandoned()) {
                leave();
            }
        }
        Turn::Unwind => abandon(),
        Turn::Stay => stay(),
    }
}

/// Stops this thread if a choice within its step has ended the schedule.
pub(crate) fn stop_if_ended() {
    if with(|engine| engine.scheduler.has_ended() && !engine.is_abandoned()) {
        fiber::suspend();
        leave();
    }
}

/// Goes on in a schedule that was abandoned while this thread was suspended.
fn leave() {
    if with(|engine| engine.state.this().is_unwinding()) {
        // It waits in a destructor while a panic unwinds it: a second one would end the process.
        stay();
    }
    abandon();
}

fn abandon() -> ! {
    with(|engine| engine.state.this().set_unwinding(true));
    fiber::abandon()
}

fn stay() -> ! {
    loop {
        fiber::suspend();
    }
}

impl Engine {
    const IDLE: Self = Self::new(Search::NONE, Memory::Sequential, Trace::off());

    const fn new(search: Search, memory: Memory, trace: Trace) -> Self {
        Self {
            state: State::new(memory),
            scheduler: Scheduler::new(search),
            trace,
            phase: Phase::Idle,
        }
    }

    /// Begins a schedule, with the thread that runs `main`.
    fn begin(&mut self, main: Body, at: Place) {
        self.state.clear();
        let main = self.state.add(Thread::main(main, at));
        self.scheduler.begin(main);
        self.phase = Phase::Playing;
    }

    /// The thread that is to be resumed, and runs from now on; none if the schedule has ended.
    #[inline]
    fn next(&mut self) -> Option<usize> {
        let thread = self.scheduler.next()?;
        self.state.run(thread);
        Some(thread)
    }

    /// Notes that this thread has ended.
    fn end_thread(&mut self) {
        self.state.end_thread();
        if !self.scheduler.has_ended() && !self.is_abandoned() {
            self.choose();
        }
    }

    #[inline]
    fn arrive(&mut self, point: Point) -> Turn {
        let is_playing = self.phase != Phase::Idle;
        assert!(is_playing, "{}: only a program that is explored can do this", point.at);
        let me = self.state.me();
        self.state.arrive(point);
        progress::advance(me, point.at.line());
        let is_unwinding = self.state.this().is_unwinding();
        if self.is_abandoned() {
            return match is_unwinding {
                false => Turn::Unwind,
                true if self.state.is_satisfied(me) => Turn::Go,
                true => Turn::Stay,
            };
        }
        if is_unwinding && self.state.is_satisfied(me) {
            return Turn::Go; // A panic unwinds its thread in one step.
        }
        self.choose();
        if self.scheduler.goes_on(me) { Turn::Go } else { Turn::Suspend }
    }

    /// Lets the scheduler choose the thread that goes on.
    fn choose(&mut self) {
        self.scheduler.choose(&mut self.state);
        if self.trace.is_on() && self.scheduler.is_forced() {
            let holds_back = |thread| self.scheduler.holds_back(thread);
            self.trace.wait(self.state.waiting(holds_back));
        }
    }
}

/// What a step does.
impl Engine {
    /// What a step changes.
    #[inline]
    pub(crate) fn state(&mut self) -> &mut State {
        &mut self.state
    }

    /// Whether the schedule was abandoned: what runs now are destructors.
    #[inline]
    pub(crate) fn is_abandoned(&self) -> bool {
        self.phase == Phase::Abandoned
    }

    /// Makes a choice within a step, among the numbers whose bits are set. None if the schedule has ended here.
    /// `question` makes the question that is then open.
    pub(crate) fn pick(
        &mut self,
        kind: Kind,
        options: u64,
        question: impl FnOnce(&mut State, Vec<u32>) -> Question,
    ) -> Option<usize> {
        if self.is_abandoned() {
            return Some(options.trailing_zeros() as usize);
        }
        let Self { state, scheduler, .. } = self;
        scheduler.pick((kind, None), options, |numbers| question(state, numbers))
    }

    /// Notes what the present step has read, and says what it did, if that is of interest.
    #[inline]
    pub(crate) fn did(&mut self, read: u64, what: impl FnOnce(&State) -> String) {
        let this = self.state.this();
        let Point { op, at, .. } = this.next();
        this.reads(hash::mix(op.tag(), read));
        self.note(at.line(), what);
    }

    /// Prints the text that this thread has prepared.
    pub(crate) fn print(&mut self) {
        if self.is_abandoned() {
            return; // A destructor prints, after the end.
        }
        self.state.print();
        if self.trace.is_on() {
            let this = self.state.this();
            let (line, text) = (this.next().at.line(), this.text().to_owned());
            self.record(line, "prints".to_owned(), Some(text));
        }
    }

    /// Says what this thread did in this line, if that is of interest.
    #[inline]
    fn note(&mut self, line: u32, what: impl FnOnce(&State) -> String) {
        if self.trace.is_on() && !self.is_abandoned() {
            let what = what(&self.state);
            self.record(line, what, None);
        }
    }

    fn record(&mut self, line: u32, what: String, printed: Option<String>) {
        let (thread, choices) = (self.state.me() as u32, self.scheduler.search().made());
        self.trace.add(Step { thread, line, what, printed, choices, waiting: Vec::new() });
    }
}
