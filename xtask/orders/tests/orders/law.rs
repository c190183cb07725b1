//! What a toy program may print: a transcript in miniature.

use orders::{Attacks, Conclusion, End};

/// Some events, which of them come before which, and perhaps a rule.
#[derive(Clone, Default)]
pub(crate) struct Law {
    /// The line of each event.
    pub(crate) events: Vec<String>,
    /// Pairs of events in their order. Those of one task are not among them.
    pub(crate) arrows: Vec<(usize, usize)>,
    /// Must hold after each line.
    pub(crate) always: Option<fn(&[String]) -> bool>,
}

impl Law {
    pub(crate) fn new(events: &[&str], arrows: &[(usize, usize)]) -> Law {
        let events = events.iter().map(|&event| event.to_owned()).collect();
        Law { events, arrows: arrows.to_vec(), always: None }
    }

    pub(crate) fn always(self, rule: fn(&[String]) -> bool) -> Law {
        Law { always: Some(rule), ..self }
    }

    /// The arrows, for the adversary.
    pub(crate) fn attacks(&self) -> Attacks {
        let mut attacks = Attacks::default();
        for &(before, after) in &self.arrows {
            let name = format!("{} -> {}", self.events[before], self.events[after]);
            attacks.add(&name, [(before, after)]);
        }
        attacks
    }

    pub(crate) fn judge(&self, end: End, lines: &[String]) -> Conclusion {
        let mut events: Vec<Option<usize>> = Vec::new();
        for line in lines {
            let mut fits = (0..self.events.len()).filter(|event| self.events[*event] == *line);
            let claim = fits.find(|event| !events.contains(&Some(*event)));
            events.push(claim);
        }
        let fault = (end == End::Finished).then(|| self.fault(lines, &events)).flatten();
        Conclusion { end, fault, events }
    }

    fn fault(&self, lines: &[String], events: &[Option<usize>]) -> Option<String> {
        let place = |event: usize| events.iter().position(|claim| *claim == Some(event));
        let broken = self.arrows.iter().find(|&&(before, after)| place(before) > place(after));
        if let Some(&(before, after)) = broken {
            return Some(format!("{} -> {}", self.events[before], self.events[after]));
        }
        let rule = self.always?;
        (1..=lines.len()).any(|so_far| !rule(&lines[..so_far])).then(|| "rule".to_owned())
    }
}
