//! A real run: the thread that directs it, and the choices that the thread has been given.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Scope, ScopedJoinHandle};

use runner::{Blocked, Choice, Move, Step, View};

use super::happened::Moment;
use super::numbers::{Asked, Numbers};
use crate::exit::{Error, Result};
use crate::player::{Play, Played, Player};

/// A run that waits for a choice, or has ended.
pub(super) struct Live<'scope> {
    /// The numbers that were chosen.
    choices: Vec<usize>,
    latest: Report,
    asked: Vec<Asked>,
    choose: Option<Sender<usize>>,
    reports: Receiver<Result<Report>>,
    thread: Option<ScopedJoinHandle<'scope, ()>>,
}

/// What the thread of a run says: it waits for a choice, or has ended.
pub(super) enum Report {
    Asked { steps: Vec<Step>, past: Vec<Moment>, options: Vec<Move>, blocked: Vec<Blocked> },
    Ended { steps: Vec<Step>, past: Vec<Moment>, played: Box<Played> },
}

impl<'scope> Live<'scope> {
    /// Begins a run. It goes on up to the first choice.
    pub(super) fn begin<'env>(
        scope: &'scope Scope<'scope, 'env>,
        player: &'env Player,
        play: &'env Play,
    ) -> Result<Self> {
        let (choose, chosen) = channel();
        let (tell, reports) = channel();
        let thread = scope.spawn(move || {
            let mut past = Vec::new();
            let asked = |view: &View<'_>| {
                past.push(Moment::new(view));
                if view.options.len() == 1 {
                    return Choice::Take(0);
                }
                let report = Report::Asked {
                    steps: view.steps.to_vec(),
                    past: past.clone(),
                    options: view.options.to_vec(),
                    blocked: view.blocked.to_vec(),
                };
                // Without a reader, the run is of no further use.
                let answer = tell.send(Ok(report)).ok().and_then(|()| chosen.recv().ok());
                answer.map_or(Choice::Abandon, Choice::Take)
            };
            let ended = player.direct_explained(play, asked);
            let ended = ended.map(|(played, steps)| Report::Ended {
                steps,
                past,
                played: Box::new(played),
            });
            _ = tell.send(ended);
        });
        let latest = next(&reports)?;
        let (choices, asked) = (Vec::new(), Vec::new());
        Ok(Self { choices, latest, asked, choose: Some(choose), reports, thread: Some(thread) })
    }

    /// The numbers that were chosen.
    pub(super) fn choices(&self) -> &[usize] {
        &self.choices
    }

    /// The moments at which the reader chose.
    pub(super) fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// What the thread has said last.
    pub(super) fn latest(&self) -> &Report {
        &self.latest
    }

    /// The place of the task with this number among the options. None if it cannot go on.
    pub(super) fn place(&self, number: usize) -> Option<usize> {
        let Report::Asked { steps, options, .. } = &self.latest else { return None };
        let numbers = Numbers::new(steps, &self.asked, options);
        options.iter().position(|option| numbers.of(&option.thread) == Some(number))
    }

    /// Lets the task with this number go on, whose place among the options this is. Returns false if there is no such
    /// choice.
    pub(super) fn take(&mut self, number: usize, place: Option<usize>) -> Result<bool> {
        let Report::Asked { steps, options, .. } = &self.latest else { return Ok(false) };
        let Some((choose, place)) = self.choose.as_ref().zip(place) else { return Ok(false) };
        self.asked.push(Asked { steps: steps.len(), options: options.clone() });
        _ = choose.send(place);
        self.latest = next(&self.reports)?;
        self.choices.push(number);
        Ok(true)
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
fn next(reports: &Receiver<Result<Report>>) -> Result<Report> {
    let lost = |_| Err(Error::Question("the run was lost".to_owned()));
    reports.recv().unwrap_or_else(lost)
}
