//! The reader directs a scene's processes and threads.
//!
//! The run is a real one, and it lasts while the reader thinks: the director holds its processes. It is directed by a
//! thread of xtask, which asks this one about each choice (`live.rs`). To take a choice back is to begin a new run,
//! with the choices before it.

use std::thread::Scope;
use std::time::{Duration, Instant};

use orders::Choices;
use runner::{Act, Blocked, Choice, Direction, Ending, Move, Step, View};
use transcript::{Budget, Count, Timing, Transcript, Verdict};

use super::goal::Goal;
use super::happened::{Happened, Moment};
use super::live::{Live, Report};
use super::numbers::Numbers;
use super::position::{Ended, Judged, Next, Outlook, Playable, Position, is_illegal};
use super::tasks::tasks;
use crate::drawing::width;
use crate::exit::{Error, Result};
use crate::judgement::{Judgement, judge};
use crate::labels::{Labels, Pending, follows, lanes, printed};
use crate::player::{Play, Played, Player};
use crate::steps;
use crate::terminal::capitalised;

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
    /// What a run in the usual order has shown: whole, unless it took too long.
    usual: Vec<Step>,
    /// What that run has printed, if it is whole.
    usual_lines: Option<String>,
    live: Option<Live<'scope>>,
    /// The latest numbers that were chosen, and the place of each of these tasks among the options.
    places: Vec<(usize, usize)>,
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
    fn run_to(&mut self, choices: &[usize]) -> Result<Live<'scope>> {
        let live = self.live.take_if(|live| choices.starts_with(live.choices()));
        // A run that is of no use has to end first: two runs may share something that the scene uses.
        self.live = None;
        let mut live = match live {
            Some(live) => live,
            None => Live::begin(self.scope, self.player, self.play)?,
        };
        for (at, &number) in choices.iter().enumerate().skip(live.choices().len()) {
            let place = live.place(number);
            if let Some(place) = place
                && self.places.get(at) != Some(&(number, place))
            {
                self.places.truncate(at);
                self.places.push((number, place));
            }
            if !live.take(number, place)? {
                return Err(Error::Question(format!(
                    "{} does not repeat itself: after the same choices, it has done something else",
                    self.name
                )));
            }
        }
        Ok(live)
    }

    /// Where the run is, as the reader sees it.
    fn position(&self, live: &Live<'_>) -> Position {
        let none = (&[][..], &[][..]);
        let (steps, past, (options, blocked), played) = match live.latest() {
            Report::Asked { steps, past, options, blocked } => {
                (steps, past, (&options[..], &blocked[..]), None)
            }
            Report::Ended { steps, past, played } => (steps, past, none, Some(played)),
        };
        let output: String = printed(steps).collect();
        let verdict = self.transcript.judge(&output, Timing::Waived);
        let lanes = lanes(self.transcript, &verdict);
        let asked = live.asked().iter().flat_map(|asked| &asked.options);
        let known: Vec<&Move> = asked.chain(options).collect();
        let is_guide = follows((steps, options), (&self.usual, self.usual_lines.is_some()));
        let usual = (&self.usual[..], is_guide);
        let pending = self.pending(&output, lanes.len(), options);
        let printing = (&steps[..], &lanes[..], &pending[..]);
        let waited = past.iter().flat_map(Moment::blocked).chain(blocked);
        let waited: Vec<&Blocked> = waited.collect();
        let labels = Labels::new(self.transcript, printing, usual, (&known, &waited));
        let numbers = Numbers::new(steps, live.asked(), options);
        let tasks = tasks((&labels, &numbers), steps, options, blocked);
        let since = steps.iter().rposition(|step| !step.is_forced()).unwrap_or(0);
        let happened = Happened { steps, moments: past, asked: live.asked(), options, blocked };
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
                numbers: options.iter().filter_map(|option| numbers.of(&option.thread)).collect(),
            },
        };
        let authors = labels.authors();
        let verdict = Some(verdict);
        Position { output, authors, verdict, earlier, made, tasks, left, next }
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

impl Playable for Processes<'_, '_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn transcript(&self) -> Option<&Transcript> {
        Some(self.transcript)
    }

    fn at(&mut self, choices: &[usize]) -> Result<Position> {
        let live = self.run_to(choices)?;
        let position = self.position(&live);
        self.live = Some(live);
        Ok(position)
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
            format!("{} legal outputs are left.", capitalised(&count.to_string()))
        }
    })
}
