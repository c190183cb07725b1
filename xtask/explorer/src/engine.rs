//! The engine: where each thread is, which one goes on, and what a schedule has done so far.
//!
//! A thread reports each step that others could see before it makes it, at a *point*. There the engine chooses the
//! thread that goes on. A thread whose step has to wait is not chosen; if no thread can be, that is a deadlock.

mod describe;
mod enabled;
pub(crate) mod hash;
mod names;
pub(crate) mod object;
pub(crate) mod op;
pub(crate) mod play;
pub(crate) mod search;
mod state;
mod thread;
pub(crate) mod threads;

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

pub(crate) use self::op::{Id, NONE, Op, Place, Point};

use self::hash::mix;
use self::object::{Object, State};
use self::search::{Kind, Picked, Search};
use self::thread::Thread;
use crate::fiber::{self, Body};
use crate::memory::VectorClock;
use crate::report::{Ending, Memory, Step};

/// The most threads of a program: a set of them is a `u64`.
const THREADS: usize = 64;

/// How often in a row a thread may yield, or give up waiting, before it is held back until another one acts.
pub const FRUITLESS: u8 = 2;

/// The most steps of a schedule.
pub const STEPS: u32 = 5_000;

/// Where the program is: the number of points so far, the thread's number and its line, in 24, 8 and 32 bits. For a
/// watchdog.
pub(crate) static PROGRESS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static ENGINE: RefCell<Engine> = const { RefCell::new(Engine::idle()) };
}

/// One schedule, while it is played.
pub(crate) struct Engine {
    pub(crate) threads: Vec<Thread>,
    pub(crate) objects: Vec<Object>,
    /// The thread that runs.
    pub(crate) me: usize,
    /// What was printed, and a hash of it.
    pub(crate) output: String,
    printed: u64,
    pub(crate) memory: Memory,
    /// What the last thread that printed knew, and what all `SeqCst` fences have known.
    stdout: VectorClock,
    sequential: VectorClock,
    pub(crate) search: Search,
    /// The bodies of threads that have not started, by their numbers.
    bodies: Vec<Option<Body>>,
    steps: u32,
    /// The thread that is to run.
    chosen: Option<usize>,
    /// How the schedule ended.
    ended: Option<Ended>,
    /// Every thread that is resumed unwinds, or has ended.
    pub(crate) is_abandoned: bool,
    /// Whether a thread has yielded.
    has_yielded: bool,
    /// Whether a thread was held back because it had yielded too often.
    held_back: bool,
    /// What the threads did, if that is of interest.
    trace: Option<Vec<Step>>,
    /// What the other threads wait for, if only one could go on.
    waiting: Vec<(u32, String)>,
    is_playing: bool,
    /// The values from which the last load could choose, the newest first.
    pub(crate) readable: Vec<String>,
}

/// How playing a schedule ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The program ended, or was stopped because it had too many steps.
    Whole(Ending),
    /// What follows is known.
    Known,
    /// The program did something else than before, after the same choices.
    Different,
    /// The list of choices ended at this one.
    Asked(Kind, u64),
    /// The list had this number, which could not be chosen.
    Impossible(u32),
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

/// Reports a step, and returns when it is this thread's turn to make it.
#[inline]
pub(crate) fn point(op: Op, object: Id, at: Place) {
    let turn = with(|engine| engine.arrive(Point { op, object, at }));
    match turn {
        Turn::Go => {}
        Turn::Suspend => {
            fiber::suspend();
            if with(|engine| engine.is_abandoned) {
                leave();
            }
        }
        Turn::Unwind => abandon(),
        Turn::Stay => stay(),
    }
}

/// Reports a step, waits for its turn, and makes it.
#[inline]
pub(crate) fn act<R>(op: Op, object: Id, at: Place, step: impl FnOnce(&mut Engine) -> R) -> R {
    point(op, object, at);
    with(step)
}

/// Stops this thread if a choice within its step has ended the schedule.
pub(crate) fn stop_if_ended() {
    if with(|engine| engine.ended.is_some() && !engine.is_abandoned) {
        fiber::suspend();
        leave();
    }
}

/// Goes on in a schedule that was abandoned while this thread was suspended.
fn leave() {
    if with(|engine| engine.threads[engine.me].is_unwinding) {
        // It waits in a destructor while a panic unwinds it: a second one would end the process.
        stay();
    }
    abandon();
}

fn abandon() -> ! {
    with(|engine| engine.threads[engine.me].is_unwinding = true);
    fiber::abandon()
}

fn stay() -> ! {
    loop {
        fiber::suspend();
    }
}

impl Engine {
    const fn idle() -> Self {
        Self {
            threads: Vec::new(),
            objects: Vec::new(),
            me: 0,
            output: String::new(),
            printed: 0,
            memory: Memory::Sequential,
            stdout: VectorClock::new(),
            sequential: VectorClock::new(),
            search: Search::List { choices: Vec::new(), used: 0 },
            bodies: Vec::new(),
            steps: 0,
            chosen: None,
            ended: None,
            is_abandoned: false,
            has_yielded: false,
            held_back: false,
            trace: None,
            waiting: Vec::new(),
            is_playing: false,
            readable: Vec::new(),
        }
    }

    /// The thread that runs.
    #[inline]
    pub(crate) fn this(&mut self) -> &mut Thread {
        self.threads.get_mut(self.me).expect("only a program that is explored can do this")
    }

    #[inline]
    fn arrive(&mut self, point: Point) -> Turn {
        assert!(self.is_playing, "{}: only a program that is explored can do this", point.at);
        let me = self.me;
        self.threads[me].next = point;
        let count = (PROGRESS.load(Relaxed) >> 40) + 1;
        PROGRESS.store(count << 40 | (me as u64) << 32 | u64::from(point.at.line()), Relaxed);
        if self.is_abandoned {
            return match self.threads[me].is_unwinding {
                false => Turn::Unwind,
                true if self.is_satisfied(me) => Turn::Go,
                true => Turn::Stay,
            };
        }
        if self.threads[me].is_unwinding && self.is_satisfied(me) {
            return Turn::Go; // A panic unwinds its thread in one step.
        }
        self.choose();
        match self.chosen {
            Some(chosen) if chosen == me => {
                self.chosen = None;
                Turn::Go
            }
            _ => Turn::Suspend,
        }
    }

    /// Chooses the thread that goes on, or ends the schedule.
    fn choose(&mut self) {
        self.chosen = None;
        // Sets of threads: those that can go on, and among them those that wait in a loop.
        let (mut ready, mut fruitless) = (0_u64, 0_u64);
        for (number, thread) in self.threads.iter().enumerate() {
            if thread.has_ended {
                continue;
            }
            let (is_satisfied, may_give_up) = (self.is_satisfied(number), self.may_give_up(number));
            if !is_satisfied && !may_give_up {
                continue;
            }
            if thread.next.op.is_quiet() {
                self.chosen = Some(number);
                return;
            }
            ready |= 1 << number;
            let has_waited = is_satisfied && may_give_up;
            if thread.yields >= FRUITLESS && !has_waited {
                fruitless |= 1 << number;
            }
        }
        if ready & !fruitless != 0 {
            self.held_back |= fruitless != 0;
            ready &= !fruitless;
        }
        if ready == 0 {
            self.ended = Some(Ended::Whole(Ending::Deadlock(self.blocked())));
            return;
        }
        self.steps += 1;
        if self.steps > STEPS {
            self.ended = Some(Ended::Whole(Ending::Endless));
            return;
        }
        let number = if ready.is_power_of_two() {
            if self.trace.is_some() {
                self.waiting = self.waiting();
            }
            ready.trailing_zeros() as usize
        } else {
            let Some(number) = self.pick(Kind::Thread, ready, true) else { return };
            number
        };
        if self.has_yielded {
            for (other, thread) in self.threads.iter_mut().enumerate() {
                if other != number {
                    thread.yields = 0;
                }
            }
        }
        self.chosen = Some(number);
    }

    /// Makes a choice. If there is none, the schedule is ended.
    pub(crate) fn pick(&mut self, kind: Kind, options: u64, is_state: bool) -> Option<usize> {
        if self.is_abandoned {
            return Some(options.trailing_zeros() as usize);
        }
        let is_asked = is_state && self.search.asks_for_state();
        let state = is_asked.then(|| self.state());
        let picked = self.search.pick(kind, options, state);
        self.ended = Some(match picked {
            Picked::Number(number) => return Some(number),
            Picked::Known => Ended::Known,
            Picked::Different => Ended::Different,
            Picked::EndOfList => Ended::Asked(kind, options),
            Picked::Impossible(number) => Ended::Impossible(number),
        });
        None
    }

    /// Makes an object.
    pub(crate) fn make(&mut self, kind: &'static str, state: State, made: Place) -> Id {
        let thread = self.this();
        thread.made += 1;
        let name = mix(mix(thread.hash, 3), thread.made);
        self.objects.push(Object { state, kind, made, name, clock: VectorClock::default() });
        Id(self.objects.len() - 1)
    }

    /// Notes that this thread lets others go first, or has waited in vain.
    pub(crate) fn yields(&mut self) {
        self.has_yielded = true;
        let thread = self.this();
        thread.yields = thread.yields.saturating_add(1).min(FRUITLESS);
    }

    /// Notes what the present step has read, and says what it did, if that is of interest.
    #[inline]
    pub(crate) fn did(&mut self, read: u64, what: impl FnOnce(&Self) -> String) {
        let Point { op, at, .. } = self.threads[self.me].next;
        let thread = &mut self.threads[self.me];
        thread.history = mix(thread.history, mix(op.tag(), read));
        if self.trace.is_some() && !self.is_abandoned {
            let what = what(self);
            self.note(at.line(), what, None);
        }
    }

    /// Adds a step of this thread to the trace, if there is one.
    fn note(&mut self, line: u32, what: String, printed: Option<String>) {
        let choices = self.search.made();
        if let Some(trace) = &mut self.trace {
            let (thread, waiting) = (self.me as u32, std::mem::take(&mut self.waiting));
            trace.push(Step { thread, line, what, printed, choices, waiting });
        }
    }

    /// Lets this thread learn what others have handed on through an object, and hand on what it knows.
    #[inline]
    pub(crate) fn meet(&mut self, object: Id) {
        if self.memory == Memory::Weak {
            let me = self.me;
            self.threads[me].knowledge.meet(me, &mut self.objects[object.0].clock);
        }
    }
}
