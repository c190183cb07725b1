//! `audit --broken`: every planted flaw must be caught, with the message that the README quotes.

use std::collections::BTreeMap;

use course::files::stem;
use course::{BrokenCopy, Cache, Course, Quotes, Selected, prepare, reserve};
use runner::Refusal;

use super::coverage::FlawedOutputs;
use super::planted::Planted;
use super::rates;
use super::trial::{Trial, attempt};
use crate::exit::Result;
use crate::parallel::{self, Demand, Work};
use crate::player::{self, Player};
use crate::terminal::{GOOD, counted, paint, println};

/// Tries every flaw of the selected scenes. Returns how many were not caught as expected, and what the flawed scenes
/// printed. With `fix`, the quotations are set to the new messages.
pub(super) fn audit(
    course: &Course,
    player: &Player,
    selected: &[Selected<'_>],
    fix: bool,
) -> Result<(usize, FlawedOutputs)> {
    let mut quotes = BTreeMap::new();
    for Selected { chapter, .. } in selected {
        quotes.insert(chapter.name.as_str(), Quotes::read(chapter)?);
    }
    let copies = copies(course, selected)?;
    let _reserved = reserve(course)?;
    let faults = prepare(course, &copies, &player.watch_build())?;

    let mut caught = 0;
    let mut failures = 0;
    let mut fixed = Vec::new();
    let mut flawed = Vec::new();
    try_all(player, course, &copies, &faults, &quotes, |copy, trial, outputs| {
        let quotes = &quotes[copy.chapter.name.as_str()];
        flawed.extend(outputs);
        let verdict = match trial {
            Trial::Misquoted { said } if fix => {
                caught += 1;
                fixed.push((copy, said));
                format!("{}; README.md quotes it now", paint(GOOD, "caught"))
            }
            trial => {
                caught += usize::from(matches!(trial, Trial::Caught(_)));
                failures += usize::from(!matches!(trial, Trial::Caught(_) | Trial::Skipped(_)));
                trial.describe(quotes.has(&copy.flaw))
            }
        };
        println(format_args!("{}: {verdict}", course.display(&copy.flaw.path)))
    })?;
    for (copy, said) in &fixed {
        let quotes = quotes.entry(&copy.chapter.name).or_default();
        quotes.set(&copy.flaw, said);
        quotes.write(copy.chapter)?;
    }
    println(format_args!("{} planted: {caught} caught", counted(copies.len(), "flaw")))?;
    Ok((failures, flawed))
}

/// Counts for each flaw of the selected scenes how many of the free `runs` catch it, and whether attacks do.
pub(super) fn rates(
    course: &Course,
    player: &Player,
    selected: &[Selected<'_>],
    runs: u32,
) -> Result<()> {
    let copies = copies(course, selected)?;
    let _reserved = reserve(course)?;
    let faults = prepare(course, &copies, &player.watch_build())?;
    rates::report(course, player, &copies, &faults, runs as usize, directs())
}

/// Whether flaws can be attacked on this machine. If not, a line says why.
fn directs() -> bool {
    let refusal = Refusal::here();
    if let Some(refusal) = &refusal {
        anstream::eprintln!("not attacked: {refusal}; all runs are free");
    }
    refusal.is_none()
}

/// A copy for each flaw of the selected scenes.
fn copies<'a>(course: &Course, selected: &[Selected<'a>]) -> Result<Vec<BrokenCopy<'a>>> {
    let mut copies = Vec::new();
    for Selected { chapter, scenes, .. } in selected {
        let flaws = chapter.flaws()?.into_iter();
        let asked_for = flaws.filter(|flaw| scenes.iter().any(|scene| scene.name == flaw.scene));
        copies.extend(asked_for.map(|flaw| BrokenCopy::new(course, chapter, flaw)));
    }
    Ok(copies)
}

/// Tries several copies at the same time. `report` gets each copy with its trial, in the order of `copies`.
fn try_all<'a>(
    player: &Player,
    course: &Course,
    copies: &'a [BrokenCopy<'_>],
    faults: &[Option<String>],
    quotes: &BTreeMap<&str, Quotes>,
    mut report: impl FnMut(&'a BrokenCopy<'_>, Trial, FlawedOutputs) -> Result<()>,
) -> Result<()> {
    let directs = directs();
    let work = |((index, copy), fault): ((usize, &BrokenCopy<'_>), &Option<String>)| {
        let trial = match fault {
            Some(fault) => Ok((Trial::Unusable(fault.clone()), Vec::new())),
            None => Planted::new(course, player, copy).and_then(|planted| {
                attempt(&planted, &quotes[copy.chapter.name.as_str()], directs)
            }),
        };
        (index, trial)
    };
    let cache = Cache::load(course);
    let mut pieces = Vec::new();
    for (numbered, fault) in copies.iter().enumerate().zip(faults) {
        let demand = demand(course, numbered.1, &cache)?;
        pieces.push(Work { item: (numbered, fault), demand });
    }
    let mut enter =
        parallel::in_order(|index: usize, (trial, outputs)| report(&copies[index], trial, outputs));
    let enter = |(index, trial): (usize, Result<_>)| enter((index, trial?));
    parallel::for_each(player::limit(), pieces, work, enter)
}

/// The load of a flawed scene. A flaw hardly changes the load of its scene by an order of magnitude.
fn demand(course: &Course, copy: &BrokenCopy<'_>, cache: &Cache) -> Result<Demand> {
    let mut most = Demand::Processors(0.0);
    for path in copy.chapter.scene(&copy.flaw.scene)?.proven()? {
        let name = format!("{}/{}", copy.chapter.name, stem(path));
        most = most.max(player::demand(&course.transcript(path)?, cache.span(&name)));
    }
    Ok(most)
}
