//! A scene under the director, as a program whose orders can be explored.
//!
//! The director asks only where there is a choice, and tells afterwards what was forced in between. A policy wants to see
//! each move, before the next one: a forced move prints lines too.

use std::hash::{DefaultHasher, Hash, Hasher};

use orders::{Choose, Conclusion, End, Program, TaskName};
use runner::{Act, Choice, Ending, Step, View};
use transcript::Transcript;

use crate::exit::{Error, Result};
use crate::judgement::{Judgement, judge};
use crate::player::Played;

/// A scene that `direct` runs once, in the order that its argument decides on.
pub(crate) struct DirectedScene<'t, D> {
    pub(crate) transcript: &'t Transcript,
    pub(crate) direct: D,
}

impl<D> Program for DirectedScene<'_, D>
where
    D: FnMut(&mut dyn FnMut(&View<'_>) -> Choice) -> Result<(Played, Vec<Step>)>,
{
    type Error = Error;

    fn run(&mut self, choose: &mut Choose<'_>) -> Result<Conclusion> {
        let mut told = Told::default();
        let (played, steps) = (self.direct)(&mut |view| match told.next_choice(view, choose) {
            Some(number) => Choice::Take(number),
            None => Choice::Abandon,
        })?;
        let abandoned = played.recording.ending == Ending::Abandoned;
        if abandoned || told.tell_forced(&steps, choose).is_none() {
            return Ok(Conclusion { end: End::Stopped, fault: None, events: Vec::new() });
        }
        let end = match played.recording.ending {
            Ending::Stuck | Ending::Deadline => End::Stuck,
            _ => End::Finished,
        };
        let (fault, mut events) = match judge(self.transcript, &played) {
            Judgement::Passed(accepted) => (None, accepted.events),
            Judgement::Skipped(_) => (None, Vec::new()),
            Judgement::Failed(failure) => (Some(failure.neutral().to_string()), Vec::new()),
        };
        // Whoever prints a line in pieces leaves it open which line is which.
        let lines = steps.iter().map(|step| step.made.text.lines().count()).sum::<usize>();
        events.truncate(if lines == events.len() { lines } else { 0 });
        Ok(Conclusion { end, fault, events: events.into_iter().map(Some).collect() })
    }
}

/// What a policy has been told of a run.
#[derive(Default)]
struct Told {
    steps: usize,
    /// A signature of the moment after the last step.
    state: u64,
}

impl Told {
    /// The policy's choice, once it knows what was forced since the last one.
    fn next_choice(&mut self, view: &View<'_>, choose: &mut Choose<'_>) -> Option<usize> {
        self.tell_forced(view.steps, choose)?;
        let options: Vec<orders::Move> = view.options.iter().map(translated).collect();
        self.state = view.state;
        choose(&options, view.state)
    }

    /// Tells the policy the steps since the last call that left no choice. None if it wants no more of the run.
    fn tell_forced(&mut self, steps: &[Step], choose: &mut Choose<'_>) -> Option<()> {
        for step in &steps[self.steps..] {
            let made = translated(&step.made);
            if step.is_forced() {
                choose(std::slice::from_ref(&made), self.state)?;
            }
            // The director has no signature of the moments between two choices: what was done since decides.
            let mut hasher = DefaultHasher::new();
            (self.state, made).hash(&mut hasher);
            self.state = hasher.finish();
        }
        self.steps = steps.len();
        Some(())
    }
}

/// A move in the words of the policies.
fn translated(made: &runner::Move) -> orders::Move {
    let task: TaskName = made.thread.to_string().parse().expect("a thread is named like a task");
    let name = match made.act {
        Act::Print => return orders::Move::print(task, made.neutral.clone()),
        Act::Begin => "begins",
        Act::Return => "returns from printing",
        Act::EndSleep => "ends its sleep",
        Act::Wake => "wakes others",
        Act::EndWait => "ends its wait",
        Act::TimeOut => "times out",
        Act::EndPoll => "ends its poll",
        Act::Signal => "sends a signal",
        _ => "goes on",
    };
    orders::Move::other(task, name)
}
