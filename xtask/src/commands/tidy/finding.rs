//! What `tidy` finds: a place, what is wrong there, and what to do about it.

use std::fmt;
use std::path::Path;

use course::{Course, Error};

/// Displayed as `file:line: what: what to do`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// The number of the first line for which `is_it` is true, from 1; 1 if there is none.
pub(crate) fn line_where(text: &str, is_it: impl Fn(&str) -> bool) -> usize {
    text.lines().position(is_it).map_or(1, |index| index + 1)
}

/// The findings so far, by place.
#[derive(Debug)]
pub(crate) struct Findings<'a> {
    course: &'a Course,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(course: &'a Course) -> Self {
        Self { course, found: Vec::new() }
    }

    /// `what` says what is wrong and, after a colon, what to do; `line` counts from 1.
    pub(crate) fn add(&mut self, file: &Path, line: usize, what: impl fmt::Display) {
        let file = self.course.display(file).to_string();
        self.found.push(Finding { file, line, what: what.to_string() });
    }

    /// The value, or a finding that says why there is none.
    pub(crate) fn value<T>(&mut self, file: &Path, value: Result<T, Error>) -> Option<T> {
        self.value_at(file, 1, value)
    }

    pub(crate) fn value_at<T>(
        &mut self,
        file: &Path,
        line: usize,
        value: Result<T, Error>,
    ) -> Option<T> {
        let root = format!("{}/", self.course.root.display());
        let place = format!("{}: ", self.course.display(file));
        // An error may name the place too, for readers who see it outside a finding.
        let brief = |error: Error| {
            let text = error.to_string().replace(&root, "");
            text.strip_prefix(&place).map(str::to_owned).unwrap_or(text)
        };
        value.map_err(|error| self.add(file, line, brief(error))).ok()
    }

    pub(crate) fn sorted(mut self) -> Vec<Finding> {
        self.found.sort();
        self.found.dedup();
        self.found
    }
}
