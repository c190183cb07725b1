//! Plays one schedule, from the start of main to its end, or until it is abandoned.

use std::panic::{self, AssertUnwindSafe, Location, PanicHookInfo, catch_unwind};
use std::rc::Rc;
use std::sync::Once;
use std::{io, mem};

use super::hash::{self, mix};
use super::op::{NONE, Op};
use super::search::Search;
use super::thread::Thread;
use super::threads::{caught, drop_locals};
use super::{Ended, Engine, point, with};
use crate::fiber::{Body, Fiber, Stack};
use crate::report::{Ending, Memory, Panic, Step};

/// What is explored. An error is a text that the program ends with.
pub(crate) type Program = Rc<dyn Fn() -> Result<(), String>>;

/// Plays schedules of a program, one after the other, on the same stacks.
pub(crate) struct Player {
    program: Program,
    stacks: Vec<Stack>,
    fibers: Vec<Option<Fiber>>,
}

impl Player {
    pub(crate) fn new(program: Program) -> Self {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let other = panic::take_hook();
            panic::set_hook(Box::new(move |panic| {
                if !note(panic) {
                    other(panic);
                }
            }));
        });
        Self { program, stacks: Vec::new(), fibers: Vec::new() }
    }

    /// Plays the schedule that `search` chooses. The engine keeps what it has done until the next one begins.
    ///
    /// # Errors
    ///
    /// No memory for a stack.
    #[track_caller]
    pub(crate) fn play(&mut self) -> io::Result<Ended> {
        let program = Rc::clone(&self.program);
        let at = Location::caller();
        with(|engine| {
            engine.clear();
            engine.threads.push(Thread::new(None, 1, at));
            engine.bodies.push(Some(Body::new(move || run_main(&program))));
            engine.is_playing = true;
            engine.chosen = Some(0);
        });
        while let Some(thread) = with(Engine::next) {
            self.resume(thread)?;
        }
        let ended = with(|engine| engine.ended.take());
        ended.ok_or_else(|| io::Error::other("a schedule has ended without a reason"))
    }

    fn resume(&mut self, thread: usize) -> io::Result<()> {
        if let Some(body) = with(|engine| engine.bodies[thread].take()) {
            let Ok(stack) = self.stacks.pop().map_or_else(Stack::new, Ok) else {
                body.leak();
                return Err(io::ErrorKind::OutOfMemory.into());
            };
            if self.fibers.len() <= thread {
                self.fibers.resize_with(thread + 1, || None);
            }
            self.fibers[thread] = Some(Fiber::new(stack, body));
        }
        if let Some(fiber) = self.fibers.get_mut(thread).and_then(Option::as_mut)
            && fiber.resume()
        {
            self.stacks.extend(self.fibers[thread].take().map(Fiber::into_stack));
            with(Engine::end_thread);
        }
        Ok(())
    }

    /// Unwinds the threads that have not ended. One that has started another has the smaller number, and what it owns
    /// may be in use there: so the last one is unwound first.
    pub(crate) fn abandon(&mut self) {
        let threads = with(|engine| {
            engine.is_abandoned = true;
            engine.threads.len()
        });
        for thread in (0..threads).rev() {
            let body = with(|engine| {
                engine.me = thread;
                engine.bodies[thread].take()
            });
            if let Some(body) = body {
                body.leak();
            }
            let Some(mut fiber) = self.fibers.get_mut(thread).and_then(Option::take) else {
                continue;
            };
            if fiber.resume() {
                self.stacks.push(fiber.into_stack());
            } else {
                fiber.leak();
                with(|engine| mem::forget(mem::take(&mut engine.threads[thread].locals)));
            }
        }
        with(|engine| engine.is_playing = false);
    }
}

impl Drop for Player {
    /// Unwinds the threads of a schedule that could not be played.
    fn drop(&mut self) {
        if with(|engine| engine.is_playing) {
            self.abandon();
        }
    }
}

/// Runs in main's fiber.
fn run_main(program: &Program) {
    let result = catch_unwind(AssertUnwindSafe(|| program()));
    drop_locals();
    if result.is_err() {
        if with(|engine| engine.is_abandoned) {
            return;
        }
        caught();
    }
    let at = with(|engine| engine.this().next.at);
    point(Op::Exit, NONE, at);
    with(|engine| {
        let ending = match result {
            Ok(Ok(())) => Ending::Returned,
            Ok(Err(error)) => Ending::Failed(error),
            Err(_) => Ending::Panicked(engine.this().panic.take().unwrap_or_else(unknown)),
        };
        engine.ended = Some(Ended::Whole(ending));
    });
}

/// A panic of main that the hook has not seen: it was resumed.
fn unknown() -> Panic {
    Panic { thread: "main".to_owned(), line: 0, message: "a panic was resumed".to_owned() }
}

/// Notes a panic of an explored thread. Returns whether it is one.
fn note(panic: &PanicHookInfo<'_>) -> bool {
    super::ENGINE.with(|engine| {
        let Ok(mut engine) = engine.try_borrow_mut() else { return false };
        if !engine.is_playing {
            return false;
        }
        let line = panic.location().map_or(0, Location::line);
        let message = panic.payload_as_str().unwrap_or_default().to_owned();
        let thread = engine.thread_name(engine.me);
        engine.note(line, format!("panics: {message}"), None);
        let this = engine.this();
        this.is_unwinding = true;
        this.panic = Some(Panic { thread, line, message });
        true
    })
}

impl Engine {
    /// Forgets the last schedule.
    fn clear(&mut self) {
        self.threads.clear();
        self.objects.clear();
        self.bodies.clear();
        self.output.clear();
        self.printed = 0;
        self.steps = 0;
        self.chosen = None;
        self.ended = None;
        self.is_abandoned = false;
        self.has_yielded = false;
        self.stdout = Default::default();
        self.sequential = Default::default();
        if let Some(trace) = &mut self.trace {
            trace.clear();
        }
    }

    /// Sets how the next schedules are played, and returns how they were chosen so far.
    pub(crate) fn prepare(&mut self, search: Search, memory: Memory, is_traced: bool) -> Search {
        self.memory = memory;
        self.held_back = false;
        self.trace = is_traced.then(Vec::new);
        mem::replace(&mut self.search, search)
    }

    /// The thread that is to be resumed; none if the schedule has ended.
    fn next(&mut self) -> Option<usize> {
        if self.ended.is_some() {
            return None;
        }
        self.me = self.chosen.take()?;
        Some(self.me)
    }

    /// What the threads did.
    pub(crate) fn take_trace(&mut self) -> Vec<Step> {
        self.trace.take().unwrap_or_default()
    }

    /// Whether a thread was held back.
    pub(crate) fn held_back(&self) -> bool {
        self.held_back
    }

    /// The panics of threads other than main.
    pub(crate) fn panics(&self) -> Vec<Panic> {
        self.threads.iter().skip(1).filter_map(|thread| thread.panic.clone()).collect()
    }

    /// Prints the text that this thread has prepared.
    pub(crate) fn print(&mut self) {
        if self.is_abandoned {
            return; // A destructor prints, after the end.
        }
        let me = self.me;
        if self.memory == Memory::Weak {
            // A thread that prints holds the lock of stdout.
            self.threads[me].knowledge.meet(me, &mut self.stdout);
        }
        let text = mem::take(&mut self.threads[me].text);
        self.output.push_str(&text);
        self.printed = mix(self.printed, hash::text(&text));
        if self.trace.is_some() {
            let at = self.threads[me].next.at;
            self.note(at.line(), "prints".to_owned(), Some(text.clone()));
        }
        self.threads[me].text = text;
    }
}
