//! What has happened in a directed run, a row each: the moves, and what follows from them.

use runner::{Act, Blocked, Move, Name, Step, View, WaitsFor};

use super::numbers::Asked;
use super::position::{How, Made};
use crate::labels::Labels;
use crate::terminal::one_line;

/// The signals that a handler may catch, and that end a process without one.
const DEADLY: [&str; 5] = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGABRT"];

/// A moment at which a move was made.
#[derive(Clone)]
pub(super) struct Moment {
    /// How many steps there were.
    steps: usize,
    /// The tasks that could go on, and those that waited.
    ready: Vec<Name>,
    blocked: Vec<Blocked>,
}

impl Moment {
    pub(super) fn new(view: &View<'_>) -> Self {
        let ready = view.options.iter().map(|option| option.thread.clone()).collect();
        Self { steps: view.steps.len(), ready, blocked: view.blocked.to_vec() }
    }

    /// The tasks that waited.
    pub(super) fn blocked(&self) -> &[Blocked] {
        &self.blocked
    }

    /// Every task that was there.
    fn tasks(&self) -> impl Iterator<Item = &Name> {
        self.ready.iter().chain(self.blocked.iter().map(|blocked| &blocked.thread))
    }
}

/// A run up to the present moment.
pub(super) struct Happened<'a> {
    pub(super) steps: &'a [Step],
    pub(super) moments: &'a [Moment],
    pub(super) asked: &'a [Asked],
    /// The moves that are possible now, and the tasks that wait.
    pub(super) options: &'a [Move],
    pub(super) blocked: &'a [Blocked],
}

impl Happened<'_> {
    /// For each step, the rows of what forced it, its own row, and the rows of what follows from it.
    pub(super) fn rows(&self, labels: &Labels<'_>) -> Vec<Vec<Made>> {
        let mut output = 0;
        let steps = self.steps.iter().enumerate();
        let mut rows: Vec<Vec<Made>> = steps
            .map(|(at, step)| {
                let mut made = made(labels, step);
                made.text += self.killed(at).unwrap_or_default();
                let printed = usize::from(step.made.act == Act::Print) * step.made.text.len();
                output += printed;
                made.printed = output;
                let forced_by = self.forced_by(at, labels).into_iter().map(|text| Made {
                    how: How::Follows,
                    text,
                    printed: output - printed,
                });
                forced_by.chain([made]).collect()
            })
            .collect();
        // Before a choice, an end follows from the move that was made last.
        let chosen =
            (1..=self.steps.len()).filter(|at| !self.steps.get(*at).is_some_and(Step::is_forced));
        let ends = chosen.flat_map(|at| self.ended(at, labels).map(move |text| (at - 1, text)));
        for (at, text) in ends.chain(self.vain_wakes(labels)) {
            if let Some(rows) = rows.get_mut(at) {
                let printed = rows.last().map_or(0, |made| made.printed);
                rows.push(Made { how: How::Follows, text, printed });
            }
        }
        rows
    }

    /// The ends since the move before, and the new waits, if no other task could move. Otherwise the rows
    /// of the tasks say what they wait for.
    fn forced_by(&self, at: usize, labels: &Labels<'_>) -> Vec<String> {
        let Some(place) = self.moment(at).filter(|_| self.steps[at].is_forced()) else {
            return Vec::new();
        };
        let before = place.checked_sub(1).map(|before| &self.moments[before]);
        let is_new = |blocked: &&Blocked| {
            let known = before.map_or(&[][..], |before| &before.blocked);
            let is_known =
                known.iter().any(|it| it.thread == blocked.thread && it.on == blocked.on);
            !is_known && !matches!(blocked.on, None | Some(WaitsFor::Nothing))
        };
        let waits = self.moments[place].blocked.iter().filter(is_new);
        let waits = waits.map(|it| format!("{} {}", labels.name(&it.thread), labels.waits(it)));
        self.ended(at, labels).chain(waits).collect()
    }

    /// The tasks that have ended between the move before this one and the moment at which it is made.
    fn ended(&self, at: usize, labels: &Labels<'_>) -> impl Iterator<Item = String> {
        let moments = self.moment(at).and_then(|now| Some((now.checked_sub(1)?, now)));
        let moments = moments.map(|(before, now)| (&self.moments[before], &self.moments[now]));
        let ended = moments.into_iter().flat_map(|(before, now)| {
            before.tasks().filter(|task| !now.tasks().any(|other| other == *task))
        });
        ended.map(|task| format!("{} has ended", labels.name(task)))
    }

    /// The place of the moment after this many steps.
    fn moment(&self, steps: usize) -> Option<usize> {
        self.moments.iter().position(|moment| moment.steps == steps)
    }

    /// What a deadly signal did to a process that has vanished since, without another move.
    fn killed(&self, at: usize) -> Option<&'static str> {
        let made = &self.steps[at].made;
        let (signal, pid) = made.text.split_once(" to ").filter(|_| made.act == Act::Signal)?;
        // Of one that had ended before, the text says so.
        let pid: i32 = pid.parse().ok()?;
        let is_there = self.options.iter().any(|option| option.pid == pid)
            || self.blocked.iter().any(|blocked| blocked.pid == pid)
            || self.steps[at + 1..].iter().any(|step| step.made.pid == pid);
        match signal {
            _ if is_there => None,
            "SIGKILL" => Some(", which is killed"),
            _ if DEADLY.contains(&signal) => Some(", which then ends"),
            _ => None,
        }
    }

    /// The tasks that no longer need to wake another one, each with the step that made it needless. Such a task is let
    /// go without a move.
    fn vain_wakes(&self, labels: &Labels<'_>) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (moment, Asked { steps: at, options }) in self.asked.iter().enumerate() {
            let later = self.asked.get(moment + 1);
            let end = later.map_or(self.steps.len(), |later| later.steps);
            let options_then = later.map_or(self.options, |later| &later.options);
            let wakes = options.iter().filter(|option| option.act == Act::Wake);
            for wake in wakes {
                let mut since = self.steps[*at..end].iter().map(|step| &step.made);
                let is_held = options_then
                    .iter()
                    .any(|other| other.thread == wake.thread && other.act == Act::Wake);
                if !is_held
                    && !since.any(|made| made.thread == wake.thread && made.act == Act::Wake)
                {
                    let name = labels.name(&wake.thread);
                    let others = labels.named(&wake.text);
                    let text = format!("{name} goes on: it need not wake {others} any more");
                    found.push((*at, text));
                }
            }
        }
        found
    }
}

fn made(labels: &Labels<'_>, step: &Step) -> Made {
    let name = labels.name(&step.made.thread);
    let act = match step.made.act {
        Act::Print => format!("prints  {}", one_line(&step.made.text)),
        _ => labels.does(&step.made),
    };
    let how = if step.is_forced() { How::Forced } else { How::Chosen };
    Made { how, text: format!("{name} {act}"), printed: 0 }
}
