//! A scene under the director, as a program whose orders a policy explores.
//!
//! The director asks only where there is a choice, and reports afterwards what was forced in between. A policy has to
//! see each move before the next one, since forced moves print lines too. Director and policies have their own words
//! for a move and for what they see; this module translates.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;

use orders::{Bounds, Choose, Conclusion, End, Policy, Program, TaskName, Trace};
use runner::{Act, Choice, Ending, Step, View};
use transcript::Transcript;

use crate::exit::{Error, Result};
use crate::judgement::{Judgement, judge};
use crate::player::{Play, Played, Player};

/// The most moves of a run. No scene needs a fifth of them: a program that takes more polls for ever.
pub(crate) const STEPS: usize = 5_000;

/// Runs a scene once, in the order that the argument decides on.
pub(crate) trait Direct:
    FnMut(&mut dyn FnMut(&View<'_>) -> Choice) -> Result<(Played, Vec<Step>)>
{
}

impl<D> Direct for D where
    D: FnMut(&mut dyn FnMut(&View<'_>) -> Choice) -> Result<(Played, Vec<Step>)>
{
}

/// What plays a scene once, in the order that its argument decides on.
pub(crate) fn scene<'p>(player: &'p Player, play: &'p Play) -> impl Direct + 'p {
    |choose: &mut dyn FnMut(&View<'_>) -> Choice| player.direct(play, choose)
}

/// A scene that `direct` runs once, in the order that its argument decides on.
pub(crate) struct DirectedScene<'t, D> {
    transcript: &'t Transcript,
    direct: D,
    /// The latest run; none if the policy ended it.
    latest: Option<Directed>,
}

/// A directed run that came to its end.
#[derive(Debug)]
pub(crate) struct Directed {
    pub(crate) played: Played,
    pub(crate) steps: Vec<Step>,
    pub(crate) judgement: Judgement,
}

impl<'t, D: Direct> DirectedScene<'t, D> {
    pub(crate) fn new(transcript: &'t Transcript, direct: D) -> Self {
        Self { transcript, direct, latest: None }
    }

    /// The policy's next run, and what came of it unless the policy ended it. None if the policy has nothing left to
    /// try.
    pub(crate) fn next_run(
        &mut self,
        policy: &mut impl Policy,
    ) -> Result<Option<(Trace, Option<Directed>)>> {
        let mut made = None;
        let bounds = Bounds { runs: 1, steps: STEPS };
        orders::explore(self, policy, bounds, |_, trace| {
            made = Some(trace.clone());
            ControlFlow::Break(())
        })?;
        Ok(made.map(|trace| (trace, self.latest.take())))
    }
}

impl<D: Direct> Program for DirectedScene<'_, D> {
    type Error = Error;

    fn run(&mut self, choose: &mut Choose<'_>) -> Result<Conclusion> {
        let mut told = Told::default();
        let (played, steps) = (self.direct)(&mut |view| match told.next_choice(view, choose) {
            Some(number) => Choice::Take(number),
            None => Choice::Abandon,
        })?;
        self.latest = None;
        let abandoned = played.recording.ending == Ending::Abandoned;
        if abandoned || told.tell_forced(&steps, choose).is_none() {
            return Ok(Conclusion { end: End::Stopped, fault: None, events: Vec::new() });
        }
        let end = match played.recording.ending {
            Ending::Stuck | Ending::Deadline => End::Stuck,
            _ => End::Finished,
        };
        let judgement = judge(self.transcript, &played);
        let (fault, events) = match &judgement {
            Judgement::Passed(accepted) => (None, events_of_prints(&steps, &accepted.events)),
            Judgement::Skipped(_) => (None, Vec::new()),
            Judgement::Failed(failure) => (Some(failure.neutral().to_string()), Vec::new()),
        };
        self.latest = Some(Directed { played, steps, judgement });
        Ok(Conclusion { end, fault, events })
    }
}

/// For each line that a policy has seen, the event that claims it, given the event of each line of the output. A thread
/// may print a line in several pieces, and each of them is a line to the policy. If lines have come of which the
/// director knows nothing, through a descriptor that is a copy of stdout, then it is unknown which event claims a line.
fn events_of_prints(steps: &[Step], events: &[usize]) -> Vec<Option<usize>> {
    let lines: usize = steps.iter().map(|step| step.made.text.matches('\n').count()).sum();
    if lines != events.len() {
        return Vec::new();
    }
    let mut first = 0;
    let mut found = Vec::new();
    for made in steps.iter().map(|step| &step.made).filter(|made| made.act == Act::Print) {
        let pieces = first..first + made.text.lines().count();
        found.extend(pieces.map(|line| events.get(line).copied()));
        first += made.text.matches('\n').count();
    }
    found
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

/// What a thread does when it is let go, for people: `begins`, `sends SIGTERM to 4711`.
pub(crate) fn does(made: &runner::Move) -> String {
    let does = match made.act {
        Act::Begin => "begins",
        Act::Print => "prints",
        Act::Return => "has printed",
        Act::EndSleep => "ends its sleep",
        Act::Wake => "wakes a task that waits",
        Act::EndWait => "wakes up: its wait may be over",
        Act::TimeOut => "meets its timeout",
        Act::EndPoll => "sees that its wait is over",
        Act::Signal => return format!("sends {}", made.text),
        Act::Spawned => "goes on after it has started a thread",
        Act::Exit => "ends its process",
        _ => "goes on",
    };
    does.to_owned()
}

/// The same for a task that stops before it: `begin`, `send SIGTERM to 4711`.
pub(crate) fn does_next(option: &runner::Move) -> String {
    let next = match option.act {
        Act::Begin => "begin",
        Act::Print => "print",
        Act::Return => "return from printing",
        Act::EndSleep => "end its sleep",
        Act::Wake => "wake a task that waits",
        Act::EndWait => "wake up: its wait may be over",
        Act::TimeOut => "meet its timeout",
        Act::EndPoll => "see that its wait is over",
        Act::Signal => return format!("send {}", option.text),
        Act::Spawned => "go on after it has started a thread",
        Act::Exit => "end its process",
        _ => "go on",
    };
    next.to_owned()
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
        Act::Spawned => "goes on after it has started a thread",
        Act::Exit => "ends its process",
        _ => "goes on",
    };
    orders::Move::other(task, name)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use orders::{Adversary, All, Attacks, Steer, Steered, Wanted};
    use runner::{Line, Recording, Stream};
    use transcript::Timing;

    use super::*;

    fn print(thread: &str, text: &str) -> runner::Move {
        let thread = serde_json::from_value(thread.into()).expect("a name");
        let text = format!("{text}\n");
        runner::Move { thread, pid: 1, act: Act::Print, neutral: text.clone(), text }
    }

    /// A director whose program has two children and a parent, who prints the last line, without a choice.
    pub(crate) fn direct(
        choose: &mut dyn FnMut(&View<'_>) -> Choice,
    ) -> Result<(Played, Vec<Step>)> {
        let mut left = vec![print("0.1", "one"), print("0.2", "two")];
        let mut steps: Vec<Step> = Vec::new();
        let mut ending = Ending::Code(0);
        while !left.is_empty() {
            let mut chosen = 0;
            if left.len() > 1 {
                let view = View { options: &left, blocked: &[], steps: &steps, state: 7 };
                match choose(&view) {
                    Choice::Take(number) => chosen = number,
                    Choice::Abandon => {
                        ending = Ending::Abandoned;
                        break;
                    }
                }
            }
            let options = left.len();
            steps.push(Step { made: left.remove(chosen), chosen, options });
            if left.is_empty() && options == 1 && steps.len() == 2 {
                left.push(print("0", "all"));
            }
        }
        let line = |step: &Step| Line {
            stream: Stream::Stdout,
            time: Duration::ZERO,
            bytes: step.made.text.trim_end().into(),
            newline: true,
        };
        let recording = Recording {
            lines: steps.iter().map(line).collect(),
            processes: Vec::new(),
            ending,
            leftovers: Vec::new(),
            wall: Duration::ZERO,
            processor: None,
            stall: Duration::ZERO,
        };
        Ok((Played { recording, timing: Timing::Waived }, steps))
    }

    /// The runs of the policy, judged by a transcript.
    fn traces(text: &str, policy: &mut impl Policy) -> Vec<Trace> {
        let transcript = Transcript::parse("three.txt", text).expect("a transcript");
        let mut scene = DirectedScene::new(&transcript, direct);
        let mut traces = Vec::new();
        while let Some((trace, _)) = scene.next_run(policy).expect("a director that never fails") {
            traces.push(trace);
            assert!(traces.len() < 100);
        }
        traces
    }

    pub(crate) const RIGHT: &str = "a | one\nb | two\n---\nmain | all\n";

    /// The program does not keep its arrow `a -> b`.
    pub(crate) const WRONG: &str = "a | one\na -> b\nb | two\n---\nmain | all\n";

    #[test]
    fn forced_moves_are_told_and_leave_no_choice() {
        let mut all = All::default();
        let traces = traces(RIGHT, &mut all);
        assert!(traces.iter().all(|trace| trace.steps == 3 && trace.conclusion.fault.is_none()));
        let outputs = all.outputs(9);
        let found: Vec<_> =
            outputs.iter().map(|it| (it.lines.join(" "), it.replay.to_string())).collect();
        let expected = [("one two all", "0"), ("two one all", "1")];
        assert_eq!(found, expected.map(|(lines, replay)| (lines.to_owned(), replay.to_owned())));
        assert!(all.is_complete());
    }

    #[test]
    fn each_piece_of_a_line_has_its_event() {
        let step = |text: &str| {
            let mut made = print("0", "");
            made.text = text.to_owned();
            Step { made, chosen: 0, options: 1 }
        };
        let steps = ["half of ", "a line\n", "two\nlines\n", ""].map(step);
        assert_eq!(events_of_prints(&steps, &[5, 6, 7]), [5, 5, 6, 7].map(Some));
    }

    #[test]
    fn each_line_has_the_event_that_claims_it() {
        let mut attacks = Attacks::default();
        attacks.add("---", [(0, 2), (1, 2)]);
        let mut adversary = Adversary::new(attacks, 10);
        traces(RIGHT, &mut adversary);
        assert_eq!(adversary.attacks().to_string(), "the arrow attacked");
    }

    #[test]
    fn an_illegal_output_is_a_fault() {
        let traces = traces(WRONG, &mut All::default());
        let faults = traces.iter().filter_map(|trace| trace.conclusion.fault.as_deref());
        let faults: Vec<&str> = faults.collect();
        assert!(matches!(faults[..], [fault] if fault.contains("a -> b")), "{faults:?}");
    }

    #[test]
    fn a_forced_line_that_is_not_wanted_ends_the_search() {
        let steered = |lines: [&str; 3]| {
            let mut steer = Steer::new(Wanted::new(lines), &[]);
            traces(RIGHT, &mut steer);
            steer.result()
        };
        assert_eq!(steered(["two", "one", "all"]), Steered::Shown("1".parse().expect("choices")));
        assert_eq!(steered(["two", "one", "none"]), Steered::Impossible { printed: 2 });
        assert_eq!(steered(["two", "all", "one"]), Steered::Impossible { printed: 1 });
    }
}
