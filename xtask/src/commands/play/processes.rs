//! The reader directs a scene's processes and threads.
//!
//! The run is a real one, and it lasts while the reader thinks: the director holds its processes. It is directed by a
//! thread of xtask, which asks this one about each choice. To take a choice back is to begin a new run, with the choices
//! before it.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use orders::Choices;
use runner::{Act, Blocked, Choice, Direction, Ending, Move, Step, View};
use transcript::{Budget, Count, Timing, Transcript, Verdict};

use super::goal::Goal;
use super::happened::{self, Happened};
use super::numbers::Numbers;
use super::position::{Ended, Judged, Next, Outlook, Playable, Position, is_illegal};
use super::tasks::tasks;
use crate::drawing::width;
use crate::exit::{Error, Result};
use crate::judgement::{Judgement, judge};
use crate::labels::{Labels, Pending, follows, lanes, printed};
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
    /// The latest keys that were chosen, and the place of each of these tasks among the options.
    places: Vec<(usize, usize)>,
}

/// A run that waits for a choice, or has ended.
struct Live<'scope> {
    choices: Vec<usize>,
    latest: Moment,
    /// The moments at which a choice was made: how many steps there were, and the options.
    asked: Vec<(usize, Vec<Move>)>,
    choose: Option<Sender<usize>>,
    moments: Receiver<Moment>,
    thread: Option<ScopedJoinHandle<'scope, ()>>,
}

/// What the thread of a run says.
enum Moment {
    Asked {
        steps: Vec<Step>,
        past: Vec<happened::Moment>,
        options: Vec<Move>,
        blocked: Vec<Blocked>,
    },
    Ended {
        steps: Vec<Step>,
        past: Vec<happened::Moment>,
        played: Box<Played>,
    },
    Failed(Error),
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
        Ok(Self {
            scope,
            player,
            play,
            transcript,
            name: name.to_owned(),
            is_flagged,
            usual,
            usual_lines,
            live: None,
            places: Vec::new(),
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
        for (at, &key) in choices.iter().enumerate().skip(live.choices.len()) {
            let place = live.place(key);
            if let Some(place) = place
                && self.places.get(at) != Some(&(key, place))
            {
                self.places.truncate(at);
                self.places.push((key, place));
            }
            if live.take(key, place)?.is_none() {
                return Err(Error::Question(format!(
                    "{} does not repeat itself: after the same choices, it has done something else",
                    self.name
                )));
            }
        }
        Ok(self.live.insert(live))
    }

    /// The lane of each line that comes next, after this output.
    fn pending(&self, output: &str, lines: usize, options: &[Move]) -> Vec<Pending> {
        let prints = options.iter().filter(|option| option.act == Act::Print);
        let lane = |option: &Move| {
            let output = format!("{output}{}", option.text);
            let verdict = self.transcript.judge(&output, Timing::Waived);
            let lane = lanes(self.transcript, &verdict).get(lines).copied().flatten();
            (option.thread.clone(), lane)
        };
        prints.map(lane).collect()
    }

    fn end(&self, played: &Played) -> Ended {
        let judged = match judge(self.transcript, played) {
            Judgement::Passed(_) => Judged::Legal { late: late(self.transcript, played) },
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
            let mut past = Vec::new();
            let asked = |view: &View<'_>| {
                past.push(happened::Moment::new(view));
                if view.options.len() == 1 {
                    return Choice::Take(0);
                }
                let moment = Moment::Asked {
                    steps: view.steps.to_vec(),
                    past: past.clone(),
                    options: view.options.to_vec(),
                    blocked: view.blocked.to_vec(),
                };
                // Without a reader, the run is of no further use.
                let answer = tell.send(moment).ok().and_then(|()| chosen.recv().ok());
                answer.map_or(Choice::Abandon, Choice::Take)
            };
            _ = tell.send(match player.direct_explained(play, asked) {
                Ok((played, steps)) => Moment::Ended { steps, past, played: Box::new(played) },
                Err(error) => Moment::Failed(error),
            });
        });
        let latest = next(&moments)?;
        let (choices, asked) = (Vec::new(), Vec::new());
        Ok(Self { choices, latest, asked, choose: Some(choose), moments, thread: Some(thread) })
    }

    /// The place of the task with this key among the options. None if it cannot go on.
    fn place(&self, key: usize) -> Option<usize> {
        let Moment::Asked { steps, options, .. } = &self.latest else { return None };
        let numbers = Numbers::new(steps, &self.asked, options);
        options.iter().position(|option| numbers.of(&option.thread) == key)
    }

    /// Lets the task with this key go on, whose place among the options this is. None if there is no such choice.
    fn take(&mut self, key: usize, place: Option<usize>) -> Result<Option<()>> {
        let Moment::Asked { steps, options, .. } = &self.latest else { return Ok(None) };
        let Some((choose, place)) = self.choose.as_ref().zip(place) else { return Ok(None) };
        self.asked.push((steps.len(), options.clone()));
        _ = choose.send(place);
        self.latest = next(&self.moments)?;
        self.choices.push(key);
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
        Ok(Moment::Failed(error)) => Err(error),
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
        let (steps, past, (options, blocked), played) = match &live.latest {
            Moment::Asked { steps, past, options, blocked } => {
                (steps, past, (&options[..], &blocked[..]), None)
            }
            Moment::Ended { steps, past, played } => (steps, past, none, Some(played)),
            Moment::Failed(_) => unreachable!("an error was returned"),
        };
        let output: String = printed(steps).collect();
        let verdict = self.transcript.judge(&output, Timing::Waived);
        let lanes = lanes(self.transcript, &verdict);
        let asked = live.asked.iter().flat_map(|(_, options)| options);
        let known: Vec<&Move> = asked.chain(options).collect();
        let is_guide = follows((steps, options), (&self.usual, self.usual_lines.is_some()));
        let usual = (&self.usual[..], is_guide);
        let pending = self.pending(&output, lanes.len(), options);
        let printing = (&steps[..], &lanes[..], &pending[..]);
        let waited = past.iter().flat_map(happened::Moment::blocked).chain(blocked);
        let waited: Vec<&Blocked> = waited.collect();
        let labels = Labels::new(self.transcript, printing, usual, (&known, &waited));
        let numbers = Numbers::new(steps, &live.asked, options);
        let tasks = tasks((&labels, &numbers), options, blocked);
        let since = steps.iter().rposition(|step| !step.is_forced()).unwrap_or(0);
        let happened = Happened { steps, moments: past, asked: &live.asked, options, blocked };
        let mut earlier = happened.rows(&labels);
        let made = earlier.split_off(since).into_iter().flatten().collect();
        let earlier = earlier.into_iter().flatten().collect();
        let left = if played.is_some() || is_illegal(&verdict) {
            None
        } else {
            let so_far: Vec<usize> = lanes.iter().flatten().copied().collect();
            left(self.transcript.count_after(&so_far, &Budget::default()))
        };
        let next = match played {
            Some(played) => Next::Ended(self.end(played)),
            None => Next::Choice {
                question: "Which task goes on?",
                numbers: options.iter().map(|option| numbers.of(&option.thread)).collect(),
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

    fn outputs(&mut self) -> Result<Option<Vec<String>>> {
        Ok(None)
    }

    fn is_live(&self) -> bool {
        true
    }

    fn usual_lines(&self) -> Option<&str> {
        self.usual_lines.as_deref()
    }

    fn replay(&self, choices: &[usize]) -> String {
        let places = choices.iter().zip(&self.places);
        let choices: Choices = places.map(|(_, (_, place))| *place).collect();
        steps::command((&self.name, self.is_flagged), &Direction::default(), &choices)
    }
}

/// The claims about time that the run does not keep. None if the transcript makes no such claim.
fn late(transcript: &Transcript, played: &Played) -> Option<Vec<String>> {
    if !transcript.claims_time() {
        return None;
    }
    let output = String::from_utf8_lossy(&played.recording.stdout()).into_owned();
    Some(match transcript.judge(&output, Timing::Judged) {
        Verdict::Rejected(rejected) => {
            rejected.broken().iter().map(|broken| broken.text.clone()).collect()
        }
        Verdict::Accepted(_) | Verdict::Undecided(_) => Vec::new(),
    })
}

/// From this number on, a number of outputs says nothing to a reader.
const MANY: u128 = 1_000_000;

fn left(count: Count) -> Option<String> {
    Some(match count {
        Count::Exactly(1) => "1 legal output is left.".to_owned(),
        Count::Unbounded
        | Count::Exactly(MANY..)
        | Count::AtMost(MANY..)
        | Count::Overflow
        | Count::Uncounted => return None,
        count => {
            let count = count.to_string();
            let first = count.chars().take(1).flat_map(char::to_uppercase);
            let count: String = first.chain(count.chars().skip(1)).collect();
            format!("{count} legal outputs are left.")
        }
    })
}
