//! Collects the results of a check's threads, and reports each subject when all its results are known.

use course::{Cache, Span};
use runner::{Recording, Refusal};
use transcript::Count;

use super::checker::Found;
use super::page::{Manner, Page};
use super::plan::{Claim, Plan, Subject, Task};
use super::report::Reporter;
use crate::exit::Result;
use crate::player::SPEED;

/// The results so far, and how many of them have been reported.
pub(super) struct Ledger<'a> {
    manner: Manner<'a>,
    /// Why scenes are not attacked, if this machine is the reason.
    refusal: Option<Refusal>,
    subjects: &'a [Subject],
    pages: Vec<Page>,
    cache: Cache,
    reporter: Reporter,
    /// How many subjects have been reported: always the first ones, so that the report is in reading order.
    reported: usize,
}

impl<'a> Ledger<'a> {
    pub(super) fn open(
        manner: Manner<'a>,
        refusal: Option<Refusal>,
        subjects: &'a [Subject],
        plan: &Plan,
        cache: Cache,
    ) -> Self {
        let mut pages: Vec<Page> = subjects.iter().map(|_| Page::default()).collect();
        for task in plan.tasks() {
            pages[task.subject()].open += 1;
        }
        let names = subjects.iter().map(|subject| subject.name.len()).max();
        Self {
            manner,
            refusal,
            subjects,
            pages,
            cache,
            reporter: Reporter::new(
                manner.arguments.format,
                names.unwrap_or(0),
                plan.tasks().count(),
            ),
            reported: 0,
        }
    }

    /// Reports the first subjects, up to one that has tasks.
    pub(super) fn enter_idle(&mut self) -> Result<()> {
        while let Some(page) = self.pages.get(self.reported)
            && page.open == 0
        {
            let subject = &self.subjects[self.reported];
            let legal = subject.count(&self.cache).unwrap_or(Count::Uncounted);
            self.reporter.entry(&page.entry(subject, legal, self.manner))?;
            self.reported += 1;
        }
        Ok(())
    }

    /// Notes the result of a task, and reports the subjects that it completes.
    pub(super) fn enter(&mut self, task: Task, found: Found) -> Result<()> {
        let subject = &self.subjects[task.subject()];
        let page = &mut self.pages[task.subject()];
        page.open -= 1;
        match (found, &subject.claim) {
            (Found::Ran(runs), _) => {
                for (run, judgement, played) in runs {
                    let Recording { wall, processor, .. } = played.recording;
                    let is_shortest = page.shortest.is_none_or(|shortest| wall < shortest);
                    // Only undisturbed runs at the usual speed show how long a scene takes, and the shortest one was
                    // disturbed least by the others.
                    let is_usual =
                        self.manner.seed.is_none() && self.manner.arguments.speed == SPEED;
                    if is_shortest && is_usual {
                        page.shortest = Some(wall);
                        let span = Span { wall, processor: processor.unwrap_or(wall) };
                        self.cache.keep_span(&subject.name, span);
                    }
                    page.series.add(run, judgement, played);
                }
            }
            (Found::Attacked(attacked), _) => page.series.attacked = Some(attacked),
            (Found::Varied(varied), _) => page.series.vary(*varied),
            (Found::Explored(explored), _) => page.series.explore(explored),
            (Found::Counted(count), Claim::Scene(scene)) => {
                self.cache.keep_count(&scene.text, count);
            }
            (Found::Refused(Ok(())), Claim::Refused(refused)) => {
                self.cache.keep_refused(refused.key, &refused.name);
            }
            (Found::Refused(Err(message)), _) => page.accepted = Some(message),
            (Found::Counted(_) | Found::Refused(Ok(())) | Found::Spared, _) => {}
        }
        self.reporter.step(&subject.name);
        self.enter_idle()
    }

    /// Prints the sum. Returns the updated cache, and how many subjects failed.
    pub(super) fn close(self, interrupted: bool) -> Result<(Cache, usize)> {
        let unreported = self.subjects.len() - self.reported;
        let unchecked = if interrupted { unreported } else { 0 };
        let refusal = self.refusal.map(|refusal| refusal.to_string());
        Ok((self.cache, self.reporter.finish(self.manner.seed, refusal, unchecked)?))
    }
}
