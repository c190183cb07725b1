//! How to attack an order.
//!
//! A child prints `sent` and sends a message. Its parent receives the message and prints `received`. Is `sent` always
//! the first of the two lines? It is, if the child prints before it sends. If it sends before it prints, the two lines
//! race. The right order still comes nearly always, because the child needs only a moment for its line, and a hundred
//! runs of the program may never show the other one.
//!
//! A hostile scheduler needs one run. It *holds back* the line `sent`: the task that is about to print it must wait as
//! long as any other task can move.
//!
//! ```text
//! The child prints, then sends:             The child sends, then prints:
//!
//! child    is held at "sent"                child    sends, is held at "sent"
//! parent   waits for the message            parent   receives the message
//!          no other task can move                    prints "received"    ◀── too early
//! child    prints "sent", sends             child    prints "sent"
//! parent   prints "received"
//! ```
//!
//! On the left, `sent` comes as a *last resort*: no other move was left. So it is the program that keeps the order
//! here, and not luck. On the right, the transcript rejects the run: the order is broken.
//!
//! What a run holds back is its *target*. Targets are learned from the lines of earlier runs. The first two runs hold
//! back every line, which finds most faults. Each later run takes the target that attacks the most arrows of those that
//! are left. That is often a whole task, whose lines are then held one after the other. In the end come the targets
//! that attack no arrow. The first of these hold back a task that has printed a certain line. It may be in a critical
//! section then, and a rule that counts the tasks inside is attacked while it stays there.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::attack::Attacks;
use crate::explore::Policy;
use crate::run::{End, Trace};
use crate::target::{KnownLines, Target};
use crate::task::TaskName;
use crate::view::View;

/// A policy that makes one run for each [`Target`], and holds the target back until nothing else can move.
#[derive(Debug)]
pub struct Adversary {
    attacks: Attacks,
    /// The most moves of others that a held move waits for. A program that polls would never run out of them.
    patience: usize,
    known: KnownLines,
    tried: BTreeSet<Target>,
    run: Attack,
}

/// The attack of one run.
#[derive(Debug)]
struct Attack {
    target: Target,
    patience: usize,
    /// How many moves others have made while a move was held. It begins anew when the patience is over.
    waited: usize,
    /// The number of moves so far.
    now: usize,
    /// When each task moved last.
    moved: BTreeMap<TaskName, usize>,
    /// Since when each task that can move could do so.
    ready: BTreeMap<TaskName, usize>,
}

impl Adversary {
    /// Attacks these arrows first, then everything else. A held move waits for at most `patience` moves of others.
    pub fn new(attacks: Attacks, patience: usize) -> Adversary {
        let run = Attack::new(Target::EveryLine, patience);
        let (known, tried) = (KnownLines::default(), BTreeSet::new());
        Adversary { attacks, patience, known, tried, run }
    }

    /// The target of the present run, or of the last one.
    pub fn target(&self) -> &Target {
        &self.run.target
    }

    /// The arrows, and which of them were attacked.
    pub fn attacks(&self) -> &Attacks {
        &self.attacks
    }

    /// The target that attacks the most arrows that are left.
    fn next_target(&self) -> Option<Target> {
        let targets = self.known.targets().into_iter();
        let mut left = targets.filter(|target| !self.tried.contains(target));
        match left.next()? {
            // The first two runs learn what the targets are.
            first @ (Target::EveryLine | Target::EveryLineNewestFirst) => Some(first),
            first => [first]
                .into_iter()
                .chain(left)
                .min_by_key(|target| Reverse(self.attacks.gain(target, &self.known))),
        }
    }
}

impl Policy for Adversary {
    fn begin(&mut self) -> bool {
        let Some(target) = self.next_target() else { return false };
        self.run = Attack::new(target, self.patience);
        true
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        self.run.choose(view)
    }

    fn learn(&mut self, trace: &Trace) {
        self.tried.insert(self.run.target.clone());
        self.known.learn(&trace.printed, &trace.conclusion.events);
        if trace.conclusion.end == End::Finished && trace.conclusion.fault.is_none() {
            self.attacks.record(trace);
        }
    }
}

impl Attack {
    fn new(target: Target, patience: usize) -> Attack {
        let (moved, ready) = (BTreeMap::new(), BTreeMap::new());
        Attack { target, patience, waited: 0, now: 0, moved, ready }
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        self.ready.retain(|task, _| view.moves.iter().any(|ready| ready.task == *task));
        for ready in view.moves {
            self.ready.entry(ready.task.clone()).or_insert(self.now);
        }
        let number = self.decide(view)?;
        let task = &view.moves[number].task;
        self.ready.remove(task);
        self.moved.insert(task.clone(), self.now);
        self.now += 1;
        Some(number)
    }

    /// All others first: a held move is made when there is no other, or when the patience is over.
    fn decide(&mut self, view: &View<'_>) -> Option<usize> {
        let all = 0..view.moves.len();
        let (held, free): (Vec<usize>, Vec<usize>) =
            all.partition(|&number| self.target.holds(&view.moves[number], view));
        if free.is_empty() {
            return self.release(view, held);
        }
        if !held.is_empty() {
            self.waited += 1;
            if self.waited > self.patience {
                // The others may go on for ever.
                self.waited = 0;
                return self.release(view, held);
            }
        }
        // In turn: a task that polls must not keep the others from moving.
        free.into_iter().min_by_key(|&number| self.moved.get(&view.moves[number].task))
    }

    /// The held move that is made now.
    ///
    /// The newest one is the more hostile choice. If a task acts too early and another one reacts, the line of the
    /// reaction is the newer one.
    fn release(&self, view: &View<'_>, mut held: Vec<usize>) -> Option<usize> {
        if self.target == Target::EveryLine {
            return held.first().copied();
        }
        held.sort_by_key(|&number| (self.ready.get(&view.moves[number].task), number));
        held.pop()
    }
}
