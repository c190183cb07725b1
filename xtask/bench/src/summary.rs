//! The last line: how many goals were met, and the others by name.

use std::fmt;

use crate::measured::Measured;
use crate::operation::Side;
use crate::paint::{BAD, GOOD, NOTE, paint};

/// The results of all goals. Displayed as one line, with colours.
#[derive(Debug, Default)]
pub struct Summary {
    met: usize,
    /// The operations whose goals were missed.
    short: Vec<&'static str>,
    /// The operations whose goals could not be judged, because a figure is missing.
    unjudged: Vec<&'static str>,
}

impl Summary {
    /// Counts one more operation.
    pub fn add(&mut self, measured: &Measured) {
        let operation = measured.operation;
        match measured.met() {
            Some(true) => self.met += 1,
            Some(false) => self.short.push(operation.name),
            None if operation.goals.is_empty() && measured.figure(Side::Ours).is_some() => {}
            None => self.unjudged.push(operation.name),
        }
    }

    /// How many goals were missed, or could not be judged.
    pub fn failures(&self) -> usize {
        self.short.len() + self.unjudged.len()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.met == 1 { "" } else { "s" };
        f.write_str(&paint(GOOD, format_args!("{} goal{plural} met", self.met)))?;
        for (names, style, what) in
            [(&self.short, BAD, "fell short"), (&self.unjudged, NOTE, "not judged")]
        {
            if !names.is_empty() {
                let count = paint(style, format_args!("{} {what}", names.len()));
                write!(f, ", {count}: {}", names.join(" "))?;
            }
        }
        Ok(())
    }
}
