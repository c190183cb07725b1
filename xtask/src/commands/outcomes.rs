//! `outcomes`: which legal outputs a scene shows, and how often.

use std::collections::HashMap;
use std::fmt::Write;

use course::Course;
use transcript::{Sightings, Timing, Transcript};

use crate::cli;
use crate::drawing::{drawing, drawing_of, width};
use crate::exit::{Answer, Result};
use crate::judgement::{Failure, Judgement, judge};
use crate::parallel;
use crate::player::{Play, Played, Player};
use crate::terminal::{BAD, FAINT, GOOD, NOTE, bar, paint, print};

/// How many outputs get a bar of their own.
const BARS: usize = 12;
/// The longest bar.
const BAR: usize = 30;

pub(crate) fn outcomes(arguments: &cli::Outcomes) -> Result {
    let course = Course::find()?;
    let (chapter, scene) = course.scene(&arguments.scene)?;
    let transcripts = scene.proven()?;
    let player = Player::new()?;
    let artifacts = player.build(&course, &[chapter])?;
    let mut failures = 0;
    for path in transcripts {
        let transcript = course.transcript(path)?;
        let binary = artifacts.binary(chapter)?;
        let play = Play::of(&transcript, binary, chapter.deadline);
        let survey = Survey::take(&player, &transcript, &play, arguments.runs)?;
        print(survey.draw(&transcript))?;
        failures += survey.failures;
    }
    Ok(Answer::from_failures(failures))
}

/// All outputs of many runs.
#[derive(Default)]
struct Survey {
    /// The outputs, by shape.
    seen: HashMap<Vec<String>, Seen>,
    /// What they have shown of the `seen` rules.
    sightings: Sightings,
    failures: usize,
    /// Only the first failure: there may be thousands, each with its output.
    first_failure: Option<(Failure, Played)>,
    skipped: Option<String>,
}

/// One legal output.
struct Seen {
    count: u32,
    /// The lanes of its lines, in order.
    lanes: Vec<usize>,
    /// The output, as one of the runs printed it.
    output: String,
}

impl Survey {
    fn take(player: &Player, transcript: &Transcript, play: &Play, runs: u32) -> Result<Self> {
        let mut survey = Self::default();
        let work = |_| {
            let played = player.play(play)?;
            Ok((judge(transcript, &played), played))
        };
        parallel::for_each_item(0..runs, work, |result: Result<_>| {
            let (judgement, played) = result?;
            survey.add(transcript, judgement, played);
            Ok(())
        })?;
        Ok(survey)
    }

    fn add(&mut self, transcript: &Transcript, judgement: Judgement, played: Played) {
        match judgement {
            Judgement::Passed(accepted) => {
                self.sightings.add(&accepted);
                let lane = |event: &usize| transcript.events().get(*event).map(|event| event.lane);
                let seen = self.seen.entry(accepted.shape).or_insert_with(|| Seen {
                    count: 0,
                    lanes: accepted.events.iter().filter_map(lane).collect(),
                    output: String::from_utf8_lossy(&played.recording.stdout()).into_owned(),
                });
                seen.count += 1;
            }
            Judgement::Skipped(reason) => self.skipped = Some(reason),
            Judgement::Failed(failure) => {
                self.failures += 1;
                self.first_failure.get_or_insert((failure, played));
            }
        }
    }

    fn draw(&self, transcript: &Transcript) -> String {
        let mut text = transcript.command().join(" ") + "\n";
        if let Some(reason) = &self.skipped {
            _ = writeln!(text, "{}: {reason}", paint(NOTE, "skipped"));
        }
        let accepted: u32 = self.seen.values().map(|seen| seen.count).sum();
        if accepted > 0 {
            self.draw_bars(&mut text, transcript, accepted);
        }
        if let Some((failure, played)) = &self.first_failure {
            let count = self.failures;
            let runs = count + accepted as usize;
            let failed = paint(BAD, format_args!("{count} of {runs} runs failed"));
            let drawing = drawing_of(transcript, played);
            _ = writeln!(
                text,
                "{failed}; this is the first of them:\n{}\n{drawing}",
                failure.report(width())
            );
        }
        text
    }

    fn draw_bars(&self, text: &mut String, transcript: &Transcript, accepted: u32) {
        let mut seen: Vec<(&Vec<String>, &Seen)> = self.seen.iter().collect();
        // The most frequent outputs first; equally frequent ones in a fixed order.
        seen.sort_by(|(one, more), (other, less)| less.count.cmp(&more.count).then(one.cmp(other)));
        let seen: Vec<&Seen> = seen.into_iter().map(|(_, seen)| seen).collect();
        let most = seen.first().map_or(1, |seen| seen.count);
        let room = width().saturating_sub(BAR + 18).max(20);
        for Seen { count, lanes, .. } in seen.iter().take(BARS) {
            let bar = paint(GOOD, bar(f64::from(*count) / f64::from(most), BAR));
            let name = name(transcript, lanes, room);
            let rate = rate(*count, accepted);
            _ = writeln!(text, "{count:>6} {rate:>7} {bar}  {name}");
        }
        if let Some(rest) = seen.get(BARS..).filter(|rest| !rest.is_empty()) {
            let runs: u32 = rest.iter().map(|seen| seen.count).sum();
            let rest = format!("{} more outputs in {runs} runs", rest.len());
            _ = writeln!(text, "               {}", paint(FAINT, rest));
        }
        let share = transcript.count().seen(seen.len());
        _ = writeln!(text, "{share} in {accepted} runs");
        for (index, rule) in transcript.seen_rules().iter().enumerate() {
            let (condition, satisfied) = (rule.condition(), self.sightings.satisfied(index));
            let rate = rate(satisfied, accepted);
            _ = writeln!(text, "seen {condition}: in {satisfied} of {accepted} runs, {rate}");
        }
        if let Some(first) = seen.first().filter(|_| seen.len() > 1) {
            _ = writeln!(text, "\nthe most frequent one, {most} times:");
            let output = transcript.neutral_output(&first.output);
            _ = write!(text, "{}", drawing(transcript, &output, Timing::Waived));
        }
    }
}

/// A number of runs in per cent of all.
fn rate(runs: u32, all: u32) -> String {
    format!("{:.1} %", 100.0 * f64::from(runs) / f64::from(all))
}

/// A short name for an output: the lanes of its lines, in order, `parent ×2, child, parent`.
fn name(transcript: &Transcript, lanes: &[usize], room: usize) -> String {
    let names = transcript.lanes();
    let turns: Vec<String> = lanes
        .chunk_by(|one, next| one == next)
        .map(|turn| {
            let name = names.get(turn[0]).map_or("?", String::as_str);
            match turn.len() {
                1 => name.to_owned(),
                lines => format!("{name} ×{lines}"),
            }
        })
        .collect();
    let name = turns.join(", ");
    if name.chars().count() <= room {
        return name;
    }
    name.chars().take(room - 1).chain(['…']).collect()
}
