//! The sum of a check, for people and for programs.

use anstyle::Style;
use serde::Serialize;

use super::entry::{Entry, Status, is_zero};
use crate::terminal::{BAD, FAINT, GOOD, NOTE, counted, counted_many, paint};

/// The sum so far. As JSON it is the last line.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    passed: usize,
    failed: usize,
    skipped: usize,
    /// How many subjects were not checked because of Ctrl-C.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) unchecked: usize,
    pub(super) seconds: f64,
    /// The sums of what attacks have shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    attacks: Option<Attacks>,
    /// How many programs were played in every schedule.
    #[serde(skip_serializing_if = "is_zero")]
    every_schedule: usize,
    /// Why the scenes were not attacked, if this machine is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_attacked: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,
    #[serde(skip)]
    names_of_failed: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
struct Attacks {
    /// How many directed runs there were.
    runs: usize,
    /// How many of them were cut off, since they had too many moves.
    #[serde(skip_serializing_if = "is_zero")]
    cut_off: usize,
    /// How many of the scenes that passed have such runs, and of how many of them every order was shown.
    scenes: usize,
    every_order: usize,
    /// How many arrows these scenes have, and how many of them have withstood an attack.
    arrows: usize,
    attacked: usize,
}

impl Summary {
    pub(super) fn add(&mut self, entry: &Entry) {
        match entry.status {
            Status::Passed => self.passed += 1,
            Status::Failed => {
                self.failed += 1;
                self.names_of_failed.push(entry.name.clone());
            }
            Status::Skipped => self.skipped += 1,
        }
        if let Some(attacked) = &entry.attacks {
            let sum = self.attacks.get_or_insert_default();
            sum.runs += attacked.runs;
            sum.cut_off += attacked.cut_off;
            if entry.status == Status::Passed {
                sum.scenes += 1;
                sum.every_order += usize::from(attacked.every_order);
                sum.arrows += attacked.arrows;
                sum.attacked += attacked.attacked;
            }
        }
        let is_all = entry.schedules.as_ref().is_some_and(|schedules| schedules.all);
        self.every_schedule += usize::from(is_all && entry.status == Status::Passed);
    }

    pub(super) fn failed(&self) -> usize {
        self.failed
    }

    /// What attacks have shown: `1,214 directed runs, every order of 58 of 221 scenes, 310 of 348 arrows attacked`.
    /// None without attacks.
    pub(super) fn shown(&self) -> Option<String> {
        let Attacks { runs, cut_off, scenes, every_order, arrows, attacked } =
            self.attacks.as_ref()?;
        let of = |part: usize, all: usize, noun: &str| match all {
            1 => format!("the {noun}"),
            _ if part == all => format!("all {}", counted(all, noun)),
            _ => format!("{part} of {}", counted(all, noun)),
        };
        let mut text = counted_many(*runs as u128, "directed run");
        if *cut_off > 0 {
            text += &format!(" ({cut_off} cut off)");
        }
        if *every_order > 0 {
            text += &format!(", every order of {}", of(*every_order, *scenes, "scene"));
        }
        if *attacked > 0 {
            text += &format!(", {} attacked", of(*attacked, *arrows, "arrow"));
        } else if *arrows > 0 {
            text += ", no arrow attacked yet";
        }
        if self.every_schedule > 0 {
            text += &format!(", every schedule of {}", counted(self.every_schedule, "program"));
        }
        Some(text)
    }

    /// `failed: fork/zombie, fork/orphan`, if any failed.
    pub(super) fn list(&self) -> Option<String> {
        let names = &self.names_of_failed;
        (!names.is_empty()).then(|| format!("{}: {}", paint(BAD, "failed"), names.join(", ")))
    }

    pub(super) fn sentence(&self) -> String {
        let counted = |count: usize, style: Style, word: &str| match count {
            0 => format!("0 {word}"),
            _ => paint(style, format_args!("{count} {word}")),
        };
        let mut text = format!(
            "{}, {}",
            counted(self.passed, GOOD, "passed"),
            counted(self.failed, BAD, "failed")
        );
        if self.skipped > 0 {
            text += &format!(", {}", counted(self.skipped, NOTE, "skipped"));
        }
        if self.unchecked > 0 {
            text += &format!(", {}", counted(self.unchecked, NOTE, "not checked"));
        }
        text + &paint(FAINT, format_args!(" in {:.1} s", self.seconds))
    }
}
