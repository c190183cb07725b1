//! What the threads have done in a schedule that someone looks at.

use crate::report::Step;

#[derive(Debug)]
pub(crate) struct Trace {
    /// None if no one looks.
    steps: Option<Vec<Step>>,
    /// What the other threads wait for, if only one could make the next step.
    waiting: Vec<(u32, String)>,
}

impl Trace {
    pub(crate) const fn off() -> Self {
        Self { steps: None, waiting: Vec::new() }
    }

    pub(crate) const fn on() -> Self {
        Self { steps: Some(Vec::new()), waiting: Vec::new() }
    }

    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.steps.is_some()
    }

    /// Notes what the other threads wait for while the next step is made.
    pub(super) fn wait(&mut self, waiting: Vec<(u32, String)>) {
        self.waiting = waiting;
    }

    /// Adds a step.
    pub(super) fn add(&mut self, step: Step) {
        if let Some(steps) = &mut self.steps {
            steps.push(Step { waiting: std::mem::take(&mut self.waiting), ..step });
        }
    }

    pub(super) fn take(&mut self) -> Vec<Step> {
        self.steps.take().unwrap_or_default()
    }
}
