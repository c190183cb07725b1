//! `bench --chapters`: the ratios that the chapters' texts quote, read from what their scenes print.

use std::path::Path;

use bench::{Effort, Neighbours, Spread};
use course::{Chapter, Course, Ratio};
use indicatif::ProgressBar;
use runner::Ending;

use super::measured::{Attempt, Measured, describe, find_place};
use crate::cli::{self, Format};
use crate::exit::{Answer, Error, Result};
use crate::judgement::{SKIPPED, failure_cause};
use crate::player::{Play, Player};
use crate::terminal::{print, println, progress};

pub(super) fn bench(arguments: &cli::Bench) -> Result {
    let course = Course::find()?;
    let chapters = select(&course, &arguments.names)?;
    if arguments.list {
        chapters.iter().try_for_each(|chapter| print(describe(chapter)))?;
        return Ok(Answer::Passed);
    }
    if arguments.fix {
        // Before minutes of measuring.
        chapters.iter().try_for_each(|chapter| find_place(chapter))?;
    }
    let rounds = arguments.rounds.unwrap_or(Effort::FULL.rounds);
    let player = Player::new()?;
    let artifacts = player.build(&course, &chapters)?;
    let plays: usize = chapters.iter().map(|chapter| runs(chapter).len()).sum();
    let progress = progress(plays * rounds as usize);
    let mut failures = 0;
    for chapter in chapters {
        let measured = measure(&player, chapter, artifacts.binary(chapter)?, rounds, &progress)?;
        progress.suspend(|| {
            if let Some(noise) = &measured.noise {
                anstream::eprintln!("{}: {noise}", chapter.name);
            }
            match arguments.format {
                Format::Human => println(measured.human()),
                Format::Json => measured.json()?.iter().try_for_each(println),
            }
        })?;
        failures += measured.missing();
        if arguments.fix {
            measured.write()?;
        }
    }
    progress.finish_and_clear();
    Ok(Answer::from_failures(failures))
}

/// The chapters with these names; all chapters with ratios if there are no names.
fn select<'a>(course: &'a Course, names: &[String]) -> Result<Vec<&'a Chapter>> {
    let with_ratios = || course.chapters.iter().filter(|chapter| !chapter.ratios.is_empty());
    if names.is_empty() {
        return Ok(with_ratios().collect());
    }
    let select = |name: &String| match course.chapter(name)? {
        chapter if chapter.ratios.is_empty() => {
            let others: Vec<&str> = with_ratios().map(|chapter| chapter.name.as_str()).collect();
            let others = if others.is_empty() { "none".to_owned() } else { others.join(", ") };
            Err(Error::Question(format!(
                "the text of {name} quotes no ratios; these chapters do: {others}"
            )))
        }
        chapter => Ok(chapter),
    };
    names.iter().map(select).collect()
}

/// The runs that the ratios are read from, each once.
fn runs(chapter: &Chapter) -> Vec<&[String]> {
    let mut runs: Vec<&[String]> = Vec::new();
    for ratio in &chapter.ratios {
        if !runs.contains(&ratio.run.as_slice()) {
            runs.push(&ratio.run);
        }
    }
    runs
}

/// Plays each run in turn, round after round. A ratio never compares two runs.
fn measure<'a>(
    player: &Player,
    chapter: &'a Chapter,
    binary: &Path,
    rounds: u32,
    progress: &ProgressBar,
) -> Result<Measured<'a>> {
    let before = Neighbours::now();
    let mut runs: Vec<(&[String], Attempt<Vec<String>>)> =
        runs(chapter).into_iter().map(|run| (run, Ok(Vec::new()))).collect();
    for round in 1..=rounds {
        for (run, outputs) in &mut runs {
            progress.set_message(format!("{} {}, round {round}", chapter.name, run.join(" ")));
            progress.inc(1);
            // A run that has failed once gets no further turn.
            if let Ok(so_far) = outputs {
                match output(player, chapter, binary, run)? {
                    Ok(output) => so_far.push(output),
                    Err(reason) => *outputs = Err(reason),
                }
            }
        }
    }
    let spread = |ratio: &Ratio| {
        let run = runs.iter().find(|(run, _)| *run == ratio.run);
        let outputs =
            run.map_or(Ok(&[][..]), |(_, outputs)| outputs.as_deref().map_err(String::clone))?;
        let figures: Attempt<_> = outputs.iter().map(|output| ratio.read(output)).collect();
        Spread::of(figures?).ok_or_else(|| "no round".to_owned())
    };
    let ratios = chapter.ratios.iter().map(|ratio| (ratio, spread(ratio))).collect();
    Ok(Measured { chapter, rounds, ratios, noise: before.and_then(Neighbours::noise) })
}

/// What the scene prints at normal speed, or in a line why there is nothing to read.
fn output(
    player: &Player,
    chapter: &Chapter,
    binary: &Path,
    run: &[String],
) -> Result<Attempt<String>> {
    let command = [std::slice::from_ref(&chapter.package), run].concat();
    let play = Play { speed: 1, ..Play::new(&command, binary, chapter.deadline) };
    let recording = player.play(&play)?.recording;
    let why = match failure_cause(&recording, Some(0)) {
        None => return Ok(Ok(String::from_utf8_lossy(&recording.stdout()).into_owned())),
        Some(_) if recording.ending == Ending::Code(SKIPPED) => {
            runner::escaped_lines(String::from_utf8_lossy(&recording.stderr()).trim())
        }
        Some(cause) => cause.to_string(),
    };
    Ok(Err(why.lines().next().unwrap_or("it gives no reason").to_owned()))
}
