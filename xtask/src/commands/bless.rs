//! `bless`: rewrites the literal text of transcripts from real runs.
//!
//! The author writes arrows and holes, since one run does not show what every run must show. A rule is reworded
//! together with the line that it quotes.

use std::path::Path;

use course::files::write;
use course::{Artifacts, Chapter, Course, Scene, Selected};
use runner::Ending;
use transcript::Transcript;

use crate::cli;
use crate::exit::{Answer, Result};
use crate::judgement::{SKIPPED, failure_cause};
use crate::player::{Play, Played, Player};
use crate::terminal::{BAD, GOOD, NOTE, paint, println};

pub(crate) fn bless(arguments: &cli::Bless) -> Result {
    let course = Course::find()?;
    let selected = course.select_scenes(&arguments.names)?;
    let chapters: Vec<&Chapter> = selected.iter().map(|selected| selected.chapter).collect();
    let player = Player::new()?;
    let artifacts = player.build(&course, &chapters)?;
    let blesser = Blesser { course: &course, artifacts, player };
    let mut failures = 0;
    for Selected { chapter, scenes, .. } in &selected {
        for scene in scenes {
            failures += blesser.bless(chapter, scene, arguments.record)?;
        }
    }
    Ok(Answer::from_failures(failures))
}

struct Blesser<'a> {
    course: &'a Course,
    artifacts: Artifacts,
    player: Player,
}

impl Blesser<'_> {
    /// Blesses all transcripts of a scene, or drafts its first one. Returns how many failed.
    fn bless(&self, chapter: &Chapter, scene: &Scene, record: Option<u32>) -> Result<usize> {
        let mut failures = 0;
        for path in &scene.transcripts {
            failures += usize::from(!self.rewrite(chapter, path)?);
        }
        if scene.transcripts.is_empty() {
            let path = chapter.folder.join(format!("transcripts/{}.txt", scene.name));
            let drafted = match record {
                Some(runs) => self.record(chapter, &scene.name, &path, runs)?,
                None => {
                    self.refuse(&path, "it does not exist: `--record 20` drafts it from 20 runs")?
                }
            };
            failures += usize::from(!drafted);
        }
        Ok(failures)
    }

    /// Brings one transcript up to date. Returns false if a line found no place in it.
    fn rewrite(&self, chapter: &Chapter, path: &Path) -> Result<bool> {
        let transcript = self.course.transcript(path)?;
        let output = match self.play(chapter, transcript.command(), Some(transcript.exits()))? {
            Ok(output) => output,
            Err(why) => return self.refuse(path, &why),
        };
        let blessed = transcript.bless(&output);
        let name = self.course.display(path);
        if blessed.changed.is_empty() {
            println(format_args!("{name}: unchanged"))?;
        } else {
            write(path, &blessed.text)?;
            let lines: Vec<String> = blessed.changed.iter().map(ToString::to_string).collect();
            println(format_args!("{name}: {} line {}", paint(GOOD, "rewrote"), lines.join(", ")))?;
        }
        for refusal in &blessed.refused {
            println(format_args!("{name}: {}: {refusal}", paint(BAD, "left as it is")))?;
        }
        Ok(blessed.refused.is_empty())
    }

    /// Drafts a transcript that does not exist yet, from several runs.
    fn record(&self, chapter: &Chapter, scene: &str, path: &Path, runs: u32) -> Result<bool> {
        let words = [chapter.package.clone(), scene.to_owned()];
        let mut outputs = Vec::new();
        for _ in 0..runs {
            match self.play(chapter, &words, None)? {
                Ok(output) => outputs.push(output),
                Err(why) => return self.refuse(path, &why),
            }
        }
        write(path, Transcript::draft(&words.join(" "), &outputs))?;
        self.note(path, "drafted: decide which of the proposed orders the program guarantees")?;
        Ok(true)
    }

    /// What one run of `command` prints, or why the run cannot be used. Without an expected exit code, any code is
    /// accepted.
    fn play(
        &self,
        chapter: &Chapter,
        command: &[String],
        exits: Option<i32>,
    ) -> Result<std::result::Result<String, String>> {
        let play = Play::new(command, self.artifacts.binary(chapter)?, chapter.deadline);
        Ok(usable_output(self.player.play(&play)?, exits))
    }

    fn note(&self, path: &Path, what: &str) -> Result<()> {
        println(format_args!("{}: {}", self.course.display(path), paint(NOTE, what)))
    }

    fn refuse(&self, path: &Path, why: &str) -> Result<bool> {
        println(format_args!(
            "{}: {}: {why}",
            self.course.display(path),
            paint(BAD, "not blessed")
        ))?;
        Ok(false)
    }
}

fn usable_output(played: Played, exits: Option<i32>) -> std::result::Result<String, String> {
    let recording = played.recording;
    if recording.ending == Ending::Code(SKIPPED) && exits != Some(SKIPPED) {
        return Err(runner::escaped_lines(String::from_utf8_lossy(&recording.stderr()).trim()));
    }
    if let Some(cause) = failure_cause(&recording, exits) {
        return Err(cause.to_string());
    }
    String::from_utf8(recording.stdout())
        .map_err(|_| "the scene prints bytes that are not text".to_owned())
}
