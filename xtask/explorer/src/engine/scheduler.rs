//! Which thread goes on.
//!
//! The scheduler looks at the state to see which threads can go on. If there are several, it asks the search. A thread
//! that only waits in a loop is held back until another one has acted: else the loop would have no end.

use super::search::{Kind, Picked, Search};
use super::state::State;
use crate::report::{Ending, Question};

/// The most steps of a schedule.
pub const STEPS: u32 = 5_000;

pub(crate) struct Scheduler {
    search: Search,
    steps: u32,
    /// The thread that is to run.
    chosen: Option<usize>,
    /// Whether it was the only one that could go on, apart from threads that are held back, and its step is one that
    /// others can see.
    is_forced: bool,
    /// The threads that are held back meanwhile: a bit for each.
    held: u64,
    /// How the schedule ended.
    ended: Option<Ended>,
    /// Whether a thread was held back in one of the schedules.
    held_back: bool,
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
    Asked(Question),
    /// The list had this number, which could not be chosen.
    Impossible(u32),
}

/// The threads that can go on: a bit for each.
enum Ready {
    /// This one makes a step that no other thread can see, so that it is no choice.
    Quiet(usize),
    /// `fruitless` are those among `all` that wait in a loop.
    Threads { all: u64, fruitless: u64 },
}

impl Scheduler {
    pub(super) const fn new(search: Search) -> Self {
        Self {
            search,
            steps: 0,
            chosen: None,
            is_forced: false,
            held: 0,
            ended: None,
            held_back: false,
        }
    }

    /// Begins a schedule, with this thread.
    pub(super) fn begin(&mut self, thread: usize) {
        self.steps = 0;
        self.chosen = Some(thread);
        self.ended = None;
    }

    /// Chooses the thread that goes on, or ends the schedule.
    pub(super) fn choose(&mut self, state: &mut State) {
        (self.chosen, self.is_forced, self.held) = (None, false, 0);
        let ready = match ready(state) {
            Ready::Quiet(thread) => {
                self.chosen = Some(thread);
                return;
            }
            Ready::Threads { all, fruitless } if all & !fruitless != 0 => {
                self.held_back |= fruitless != 0;
                self.held = fruitless;
                all & !fruitless
            }
            Ready::Threads { all, .. } => all,
        };
        if ready == 0 {
            self.end(Ended::Whole(Ending::Deadlock(state.blocked())));
            return;
        }
        self.steps += 1;
        if self.steps > STEPS {
            self.end(Ended::Whole(Ending::Endless));
            return;
        }
        self.is_forced = ready.is_power_of_two();
        self.chosen = if self.is_forced {
            Some(ready.trailing_zeros() as usize)
        } else {
            let known = self.search.asks_for_state().then(|| state.fingerprint());
            self.pick((Kind::Thread, known), ready, Question::Thread)
        };
        if let Some(chosen) = self.chosen {
            state.acts(chosen);
        }
    }

    /// Makes a choice among the numbers whose bits are set. The state is given if it may be merged. If there is no
    /// choice any more, ends the schedule. `question` makes the question that is then open.
    #[inline]
    pub(super) fn pick(
        &mut self,
        (kind, state): (Kind, Option<u64>),
        options: u64,
        question: impl FnOnce(Vec<u32>) -> Question,
    ) -> Option<usize> {
        let ended = match self.search.pick(kind, options, state) {
            Picked::Number(number) => return Some(number),
            Picked::Known => Ended::Known,
            Picked::Different => Ended::Different,
            Picked::EndOfList => {
                let numbers = (0..u64::BITS).filter(|number| options & 1 << number != 0);
                Ended::Asked(question(numbers.collect()))
            }
            Picked::Impossible(number) => Ended::Impossible(number),
        };
        self.end(ended);
        None
    }

    /// Whether the thread goes on at once.
    #[inline]
    pub(super) fn goes_on(&mut self, thread: usize) -> bool {
        self.chosen.take_if(|chosen| *chosen == thread).is_some()
    }

    #[inline]
    pub(super) fn is_forced(&self) -> bool {
        self.is_forced
    }

    /// Whether the thread is held back while the chosen one makes its step.
    pub(super) fn holds_back(&self, thread: usize) -> bool {
        self.held & 1 << thread != 0
    }

    /// The thread that is to be resumed; none if the schedule has ended.
    #[inline]
    pub(super) fn next(&mut self) -> Option<usize> {
        if self.has_ended() {
            return None;
        }
        self.chosen.take()
    }

    pub(super) fn end(&mut self, ended: Ended) {
        self.ended = Some(ended);
    }

    #[inline]
    pub(super) fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    pub(super) fn take_ended(&mut self) -> Option<Ended> {
        self.ended.take()
    }

    /// Whether a thread was held back in one of the schedules.
    pub(super) fn held_back(&self) -> bool {
        self.held_back
    }

    pub(super) fn search(&mut self) -> &mut Search {
        &mut self.search
    }
}

#[inline]
fn ready(state: &State) -> Ready {
    let (mut all, mut fruitless) = (0_u64, 0_u64);
    for (number, thread) in state.threads().iter().enumerate() {
        if thread.has_ended() {
            continue;
        }
        let (is_satisfied, may_give_up) = (state.is_satisfied(number), state.may_give_up(number));
        if !is_satisfied && !may_give_up {
            continue;
        }
        if thread.next().op.is_quiet() {
            return Ready::Quiet(number);
        }
        all |= 1 << number;
        let has_waited = is_satisfied && may_give_up;
        if thread.is_fruitless() && !has_waited {
            fruitless |= 1 << number;
        }
    }
    Ready::Threads { all, fruitless }
}
