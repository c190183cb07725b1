//! What attacks on a scene have shown, and how a report says it.

use std::collections::BTreeSet;

use orders::{Attacks, Choices};
use transcript::Count;

use crate::directed::{Directed, STEPS};
use crate::search::cut_off;
use crate::terminal::grouped;

/// What the attacks on a scene have shown.
#[derive(Debug)]
pub(crate) struct Attacked {
    pub(crate) runs: usize,
    /// How many of them were cut off, since they had too many moves. What they print is not judged.
    pub(crate) cut_off: usize,
    /// The shapes of the legal outputs.
    pub(crate) shapes: BTreeSet<Vec<String>>,
    /// Whether these runs stand for every order that a director can force.
    pub(crate) every_order: bool,
    /// The arrows, and which of them withstood an attack.
    pub(crate) attacks: Attacks,
    /// Whether nothing is left that the adversary could hold back.
    pub(crate) exhausted: bool,
    /// The first run that was illegal.
    pub(crate) broken: Option<Broken>,
    /// Why this machine cannot play the scene.
    pub(crate) skipped: Option<String>,
}

/// What other orders of a scene have shown.
#[derive(Debug)]
pub(crate) struct Varied {
    pub(super) runs: usize,
    pub(super) cut_off: usize,
    pub(super) shapes: BTreeSet<Vec<String>>,
    pub(super) every_order: bool,
    pub(super) broken: Option<Broken>,
}

/// An illegal run.
#[derive(Debug)]
pub(crate) struct Broken {
    /// Its number, from 1.
    pub(crate) run: usize,
    /// What was done to the scene, in words.
    pub(crate) how: String,
    pub(crate) choices: Choices,
    pub(crate) directed: Directed,
}

impl Attacked {
    /// Adds what other orders have shown.
    pub(crate) fn add(&mut self, varied: Varied) {
        let Varied { runs, cut_off, shapes, every_order, broken } = varied;
        if self.broken.is_none() {
            self.broken = broken.map(|broken| Broken { run: self.runs + broken.run, ..broken });
        }
        self.runs += runs;
        self.cut_off += cut_off;
        self.shapes.extend(shapes);
        self.every_order |= every_order;
    }

    /// Whether more runs would be wasted: one was illegal, or this machine cannot play the scene.
    pub(crate) fn is_settled(&self) -> bool {
        self.broken.is_some() || self.skipped.is_some()
    }

    /// Why the scene counts as not attacked, if no run has come to its end.
    pub(crate) fn obstacle(&self) -> Option<String> {
        let moves = grouped(STEPS as u128);
        let cut_off = || match self.cut_off {
            1 => format!("the directed run has more than {moves} moves"),
            runs => format!("each of {runs} directed runs has more than {moves} moves"),
        };
        let whole = self.runs - self.cut_off - usize::from(self.skipped.is_some());
        let skipped = || self.skipped.clone().or_else(|| (self.cut_off > 0).then(cut_off));
        if whole > 0 { None } else { skipped() }
    }

    /// What the runs do not show, although some have come to their end.
    pub(crate) fn remarks(&self) -> Vec<String> {
        if self.obstacle().is_some() {
            return Vec::new();
        }
        let ended =
            self.skipped.as_ref().map(|reason| format!("the attacks ended early: {reason}"));
        cut_off(self.cut_off, self.runs).into_iter().chain(ended).collect()
    }

    /// What was shown, of all `legal` outputs: `all 140 orders`, or `64 of 3,628,800, each of 9 arrows attacked`.
    pub(crate) fn shown(&self, different: usize, legal: Count) -> String {
        if let Some(reason) = self.obstacle() {
            return format!("{}; not attacked: {reason}", legal.seen(different));
        }
        let seen = match legal {
            Count::Exactly(1) if different == 1 => "the one legal order".to_owned(),
            Count::Exactly(legal) if different as u128 == legal => {
                let all = format!("all {} orders", grouped(legal));
                if self.every_order {
                    return all; // An attack is one of these orders.
                }
                all
            }
            legal => format!("{} of {legal}", grouped(different as u128)),
        };
        match self.arrows_attacked() {
            Some(attacked) => format!("{seen}, {attacked}"),
            None => seen,
        }
    }

    /// Whether every order was tried, and each of the `legal` outputs was shown.
    pub(crate) fn shows_all(&self, different: usize, legal: Count) -> bool {
        self.every_order && legal == Count::Exactly(different as u128)
    }

    /// Which arrows were attacked: `each of 9 arrows attacked`, `3 of 5 arrows attacked so far`. None without arrows.
    fn arrows_attacked(&self) -> Option<String> {
        let (attacked, all) = (self.attacks.attacked(), self.attacks.arrows());
        // What a run would have shown that was cut off is not known.
        let is_exhausted = self.exhausted && self.cut_off == 0;
        let words = match (attacked, all, is_exhausted) {
            (_, 0, _) => return None,
            _ if attacked == all => self.attacks.to_string(),
            (0, 1, false) => "the arrow not attacked yet".to_owned(),
            (0, _, false) => format!("none of {all} arrows attacked yet"),
            (_, _, false) => format!("{attacked} of {all} arrows attacked so far"),
            (0, 1, true) => "no attack on the arrow possible".to_owned(),
            (0, _, true) => format!("no attack on {all} arrows possible"),
            (_, _, true) => format!("{attacked} of {all} arrows attacked, as many as possible"),
        };
        Some(words)
    }
}
