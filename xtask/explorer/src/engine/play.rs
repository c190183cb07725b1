//! Plays one schedule, from the start of main to its end, or until it is abandoned.

use std::panic::{self, AssertUnwindSafe, Location, PanicHookInfo, catch_unwind};
use std::rc::Rc;
use std::sync::Once;
use std::{io, mem};

use super::op::{NONE, Op};
use super::scheduler::Ended;
use super::search::Search;
use super::threads::{caught, drop_locals};
use super::trace::Trace;
use super::{Engine, Phase, point, try_with, with};
use crate::fiber::{Body, Fiber, Stack};
use crate::report::{Ending, Memory, Panic, Schedule};

/// What is explored. An error is a text that the program ends with.
pub(crate) type Program = Rc<dyn Fn() -> Result<(), String>>;

/// Plays schedules of a program, one after the other, on the same stacks.
pub(crate) struct Player {
    program: Program,
    stacks: Vec<Stack>,
    fibers: Vec<Option<Fiber>>,
}

impl Player {
    /// Plays the schedules that `search` chooses.
    pub(crate) fn new(program: Program, memory: Memory, search: Search, trace: Trace) -> Self {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let other = panic::take_hook();
            panic::set_hook(Box::new(move |panic| {
                if !note(panic) {
                    other(panic);
                }
            }));
        });
        with(|engine| *engine = Engine::new(search, memory, trace));
        Self { program, stacks: Vec::new(), fibers: Vec::new() }
    }

    /// Plays the next schedule. What it has done can be asked until another one begins.
    ///
    /// # Errors
    ///
    /// No memory for a stack.
    #[track_caller]
    pub(crate) fn play(&mut self) -> io::Result<Ended> {
        let program = Rc::clone(&self.program);
        let (main, at) = (Body::new(move || run_main(&program)), Location::caller());
        with(|engine| engine.begin(main, at));
        while let Some(thread) = with(Engine::next) {
            self.resume(thread)?;
        }
        let ended = with(|engine| engine.scheduler.take_ended());
        ended.ok_or_else(|| io::Error::other("a schedule has ended without a reason"))
    }

    fn resume(&mut self, thread: usize) -> io::Result<()> {
        if let Some(body) = with(|engine| engine.state.thread(thread).take_body()) {
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
            engine.phase = Phase::Abandoned;
            engine.state.threads().len()
        });
        for thread in (0..threads).rev() {
            let body = with(|engine| {
                engine.state.run(thread);
                engine.state.this().take_body()
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
                mem::forget(with(|engine| engine.state.this().take_locals()));
            }
        }
        with(|engine| engine.phase = Phase::Idle);
    }

    /// How many choices were made in the schedule.
    pub(crate) fn choices(&self) -> usize {
        with(|engine| engine.scheduler.search().made())
    }

    /// What the schedule has printed, and the panics of threads other than main.
    pub(crate) fn seen(&self) -> (String, Vec<Panic>) {
        with(|engine| (engine.state.output().to_owned(), engine.state.panics()))
    }

    /// What the schedule has come to, and how. Ends the trace.
    pub(crate) fn schedule(&self, ended: &Ended) -> Schedule {
        let (ending, question) = match ended {
            Ended::Whole(ending) => (Some(ending.clone()), None),
            Ended::Asked(question) => (None, Some(question.clone())),
            Ended::Known | Ended::Different | Ended::Impossible(_) => (None, None),
        };
        let (output, panics) = self.seen();
        let (threads, steps) = with(|engine| (engine.state.thread_statuses(), engine.trace.take()));
        Schedule { steps, output, ending, panics, threads, question }
    }

    /// Calls `f` with what chooses the schedules.
    pub(crate) fn search<R>(&mut self, f: impl FnOnce(&mut Search) -> R) -> R {
        with(|engine| f(engine.scheduler.search()))
    }

    /// Whether a thread was held back in one of the schedules.
    pub(crate) fn held_back(&self) -> bool {
        with(|engine| engine.scheduler.held_back())
    }
}

impl Drop for Player {
    /// Unwinds the threads of a schedule that could not be played.
    fn drop(&mut self) {
        if with(|engine| engine.phase != Phase::Idle) {
            self.abandon();
        }
        with(|engine| *engine = Engine::IDLE);
    }
}

/// Runs in main's fiber.
fn run_main(program: &Program) {
    let result = catch_unwind(AssertUnwindSafe(|| program()));
    drop_locals();
    if result.is_err() {
        if with(|engine| engine.is_abandoned()) {
            return;
        }
        caught();
    }
    let at = with(|engine| engine.state.this().next().at);
    point(Op::Exit, NONE, at);
    with(|engine| {
        let ending = match result {
            Ok(Ok(())) => Ending::Returned,
            Ok(Err(error)) => Ending::Failed(error),
            Err(_) => {
                Ending::Panicked(engine.state.this().panic().cloned().unwrap_or_else(unknown))
            }
        };
        engine.scheduler.end(Ended::Whole(ending));
    });
}

/// A panic of main that the hook has not seen: it was resumed.
fn unknown() -> Panic {
    Panic { thread: "main".to_owned(), line: 0, message: "a panic was resumed".to_owned() }
}

/// Notes a panic of an explored thread. Returns whether it is one.
fn note(panic: &PanicHookInfo<'_>) -> bool {
    let noted = try_with(|engine| {
        if engine.phase == Phase::Idle {
            return false;
        }
        let line = panic.location().map_or(0, Location::line);
        let message = panic.payload_as_str().unwrap_or_default().to_owned();
        engine.note(line, |_| format!("panics: {message}"));
        let state = &mut engine.state;
        let thread = state.thread_name(state.me());
        state.this().set_panic(Panic { thread, line, message });
        true
    });
    noted == Some(true)
}
