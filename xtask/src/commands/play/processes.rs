//! The reader directs a scene's processes and threads.
//!
//! The run is a real one, and it lasts while the reader thinks: the director holds its processes. It is directed by a
//! thread of xtask, which asks this one about each choice. To take a choice back is to begin a new run, with the choices
//! before it.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use orders::Choices;
use runner::{Act, Blocked, Choice, Direction, Ending, Step, View};
use transcript::{Budget, Count, Timing, Transcript};

use super::goal::Goal;
use super::happened::Happened;
use super::position::{Ended, Judged, Next, Outlook, Playable, Position, Task, is_illegal};
use crate::drawing::width;
use crate::exit::{Error, Result};
use crate::judgement::{Judgement, judge};
use crate::labels::{Labels, lanes, printed};
use crate::player::{Play, Played, Player};
use crate::steps;

/// How long the run may take that shows which task prints what.
const LEARNING: Duration = Duration::from_secs(1);

/// A scene, and its present run.
pub(super) struct Processes<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    player: &'env Player,
    play: &'env Play,
    transcript: &'env Transcript,
    name: String,
    /// Whether the reader has asked for a directed run by a flag.
    is_flagged: bool,
    /// What a run in the default order has shown: whole, unless it took too long.
    usual: Vec<Step>,
    /// What that run has printed, if it is whole.
    usual_lines: Option<String>,
    live: Option<Live<'scope>>,
}

/// A run that waits for a choice, or has ended.
struct Live<'scope> {
    choices: Vec<usize>,
    latest: Moment,
    /// The moments at which a choice was made: how many steps there were, and the options.
    asked: Vec<(usize, Vec<runner::Move>)>,
    choose: Option<Sender<usize>>,
    moments: Receiver<Moment>,
    thread: Option<ScopedJoinHandle<'scope, ()>>,
}

/// What the thread of a run says.
enum Moment {
    Asked { steps: Vec<Step>, options: Vec<runner::Move>, blocked: Vec<Blocked> },
    Ended(Result<(Box<Played>, Vec<Step>)>),
}

impl<'scope, 'env> Processes<'scope, 'env> {
    /// Runs the scene once, to learn which task prints what.
    pub(super) fn new(
        scope: &'scope Scope<'scope, 'env>,
        player: &'env Player,
        (play, transcript): (&'env Play, &'env Transcript),
        (name, is_flagged): (&str, bool),
    ) -> Result<Self> {
        let start = Instant::now();
        let choose = |_: &View<'_>| {
            if start.elapsed() < LEARNING { Choice::Take(0) } else { Choice::Abandon }
        };
        let (played, usual) = player.direct(play, choose)?;
        let is_whole = played.recording.ending != Ending::Abandoned;
        let usual_lines = is_whole.then(|| printed(&usual).collect());
        let name = name.to_owned();
        Ok(Self {
            scope,
            player,
            play,
            transcript,
            name,
            is_flagged,
            usual,
            usual_lines,
            live: None,
        })
    }

    /// The run after these choices. It goes on from where it is if it has made the first of them.
    fn live_at(&mut self, choices: &[usize]) -> Result<&Live<'scope>> {
        let live = self.live.take_if(|live| choices.starts_with(&live.choices));
        // A run that is of no use has to end first: two runs may share something that the scene uses.
        self.live = None;
        let mut live = match live {
            Some(live) => live,
            None => Live::begin(self.scope, self.player, self.play)?,
        };
        for &choice in &choices[live.choices.len()..] {
            if live.take(choice)?.is_none() {
                return Err(Error::Question(format!(
                    "{} does not repeat itself: after the same choices, it has done something else",
                    self.name
                )));
            }
        }
        Ok(self.live.insert(live))
    }

    fn end(&self, played: &Played) -> Ended {
        let judged = match judge(self.transcript, played) {
            Judgement::Passed(_) => Judged::Passed,
            Judgement::Skipped(reason) => Judged::Skipped(reason),
            Judgement::Failed(failure) => Judged::Failed(failure.report(width())),
        };
        let stderr = played.recording.stderr();
        let notes = runner::escaped_lines(&String::from_utf8_lossy(&stderr));
        Ended {
            verdict: judged,
            is_deadlock: played.recording.ending == Ending::Stuck,
            notes: notes.lines().map(str::to_owned).collect(),
        }
    }
}

impl<'scope> Live<'scope> {
    fn begin<'env>(
        scope: &'scope Scope<'scope, 'env>,
        player: &'env Player,
        play: &'env Play,
    ) -> Result<Self> {
        let (choose, chosen) = channel();
        let (tell, moments) = channel();
        let thread = scope.spawn(move || {
            let asked = |view: &View<'_>| {
                let moment = Moment::Asked {
                    steps: view.steps.to_vec(),
                    options: view.options.to_vec(),
                    blocked: view.blocked.to_vec(),
                };
                // Without a reader, the run is of no further use.
                let answer = tell.send(moment).ok().and_then(|()| chosen.recv().ok());
                answer.map_or(Choice::Abandon, Choice::Take)
            };
            let ended = player.direct_explained(play, asked);
            _ = tell.send(Moment::Ended(ended.map(|(played, steps)| (Box::new(played), steps))));
        });
        let latest = next(&moments)?;
        let (choices, asked) = (Vec::new(), Vec::new());
        Ok(Self { choices, latest, asked, choose: Some(choose), moments, thread: Some(thread) })
    }

    /// Makes a choice. None if there is no such choice.
    fn take(&mut self, choice: usize) -> Result<Option<()>> {
        let Moment::Asked { steps, options, .. } = &self.latest else { return Ok(None) };
        let Some(choose) = self.choose.as_ref().filter(|_| choice < options.len()) else {
            return Ok(None);
        };
        self.asked.push((steps.len(), options.clone()));
        _ = choose.send(choice);
        self.latest = next(&self.moments)?;
        self.choices.push(choice);
        Ok(Some(()))
    }
}

impl Drop for Live<'_> {
    /// Ends the run, and waits for its end.
    fn drop(&mut self) {
        self.choose = None;
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

/// What the thread of a run says next. It always says how the run ended, unless it panicked.
fn next(moments: &Receiver<Moment>) -> Result<Moment> {
    match moments.recv() {
        Ok(Moment::Ended(Err(error))) => Err(error),
        Ok(moment) => Ok(moment),
        Err(_) => Err(Error::Question("the run was lost".to_owned())),
    }
}

impl Playable for Processes<'_, '_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn transcript(&self) -> Option<&Transcript> {
        Some(self.transcript)
    }

    fn at(&mut self, choices: &[usize]) -> Result<Position> {
        self.live_at(choices)?;
        let Some(live) = &self.live else { unreachable!("a run was begun above") };
        let none = (&[][..], &[][..]);
        let (steps, (options, blocked), played) = match &live.latest {
            Moment::Asked { steps, options, blocked } => {
                (steps, (&options[..], &blocked[..]), None)
            }
            Moment::Ended(Ok((played, steps))) => (steps, none, Some(played)),
            Moment::Ended(Err(_)) => unreachable!("an error was returned"),
        };
        let output: String = printed(steps).collect();
        let verdict = self.transcript.judge(&output, Timing::Waived);
        let lanes = lanes(self.transcript, &verdict);
        let asked = live.asked.iter().flat_map(|(_, options)| options);
        let known: Vec<&runner::Move> = asked.chain(options).collect();
        let labels = Labels::new(self.transcript, (steps, &lanes), &self.usual, (&known, blocked));
        let tasks = tasks(&labels, options, blocked);
        let since = steps.iter().rposition(|step| !step.is_forced()).unwrap_or(0);
        let happened = Happened { steps, asked: &live.asked, options, blocked };
        let mut earlier = happened.rows(&labels);
        let made = earlier.split_off(since).into_iter().flatten().collect();
        let earlier = earlier.into_iter().flatten().collect();
        let left = (played.is_none() && !is_illegal(&verdict)).then(|| {
            left(self.transcript.count_after(
                &lanes.iter().flatten().copied().collect::<Vec<_>>(),
                &Budget::default(),
            ))
        });
        let next = match played {
            Some(played) => Next::Ended(self.end(played)),
            None => Next::Choice {
                question: "Which task goes on?",
                numbers: (0..options.len()).collect(),
            },
        };
        let authors = labels.authors();
        let verdict = Some(verdict);
        Ok(Position { output, authors, verdict, earlier, made, tasks, left, next })
    }

    /// Only runs show what a real program can do.
    fn outlook(&mut self, _: &[usize], _: &Goal) -> Result<Option<Outlook>> {
        Ok(None)
    }

    fn is_live(&self) -> bool {
        true
    }

    fn usual_lines(&self) -> Option<&str> {
        self.usual_lines.as_deref()
    }

    fn replay(&self, choices: &[usize]) -> String {
        let choices: Choices = choices.iter().copied().collect();
        steps::command((&self.name, self.is_flagged), &Direction::default(), &choices)
    }
}

/// What each task is about to do, or waits for, in the order of their births.
fn tasks(labels: &Labels<'_>, options: &[runner::Move], blocked: &[Blocked]) -> Vec<Task> {
    let movable = options.iter().enumerate().map(|(number, option)| {
        let prints = (option.act == Act::Print).then(|| one_line(&option.text));
        let task = Task {
            name: labels.name(&option.thread),
            number: Some(number),
            state: format!("about to {}", labels.with_names(&does_next(option))),
            holds: String::new(),
            is_blocked: false,
            waits_for: Vec::new(),
            note: if prints.is_some() { None } else { labels.later(&option.thread) },
            prints,
            lane: labels.lane(&option.thread),
        };
        (&option.thread, task)
    });
    let waiting = blocked.iter().map(|blocked| {
        let task = Task {
            name: labels.name(&blocked.thread),
            number: None,
            state: labels.waits(blocked),
            holds: String::new(),
            is_blocked: true,
            waits_for: labels.waits_for(blocked),
            prints: None,
            note: labels.later(&blocked.thread),
            lane: labels.lane(&blocked.thread),
        };
        (&blocked.thread, task)
    });
    let mut all: Vec<_> = movable.chain(waiting).collect();
    all.sort_by_key(|(thread, _)| *thread);
    all.into_iter().map(|(_, task)| task).collect()
}

pub(super) fn one_line(text: &str) -> String {
    text.lines().map(runner::escaped).collect::<Vec<_>>().join(" ⏎ ")
}

fn does_next(option: &runner::Move) -> String {
    let next = match option.act {
        Act::Begin => "begin",
        Act::Print => "print",
        Act::Return => "return from printing",
        Act::EndSleep => "end its sleep",
        Act::Wake => "wake a task that waits",
        Act::EndWait => "wake up, and see whether its wait is over",
        Act::TimeOut => "meet its timeout",
        Act::EndPoll => "see that its wait is over",
        Act::Signal => return format!("send {}", option.text),
        Act::Spawned => "go on after it has started a thread",
        Act::Exit => "end its process",
        _ => "go on",
    };
    next.to_owned()
}

/// From this number on, a number of outputs says no more than `many`.
const MANY: u128 = 1_000_000;

fn left(count: Count) -> String {
    match count {
        Count::Exactly(1) => "1 legal output is left.".to_owned(),
        Count::Unbounded => "Any number of legal outputs are left.".to_owned(),
        Count::Exactly(MANY..) | Count::AtMost(MANY..) | Count::Overflow | Count::Uncounted => {
            "Many legal outputs are left.".to_owned()
        }
        count => {
            let count = count.to_string();
            let first = count.chars().take(1).flat_map(char::to_uppercase);
            let count: String = first.chain(count.chars().skip(1)).collect();
            format!("{count} legal outputs are left.")
        }
    }
}
