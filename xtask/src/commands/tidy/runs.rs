//! The runs that a text shows: outputs that a person has pasted, below a line such as "One run:".

use course::{Course, Scene};
use transcript::{Timing, Transcript, Verdict};

use super::finding::Findings;
use super::outline::{Kind, Part};
use super::text::ChapterText;

/// Whether `part` announces a run in the fence below it: its last sentence begins with "One run" or "Another run", and
/// ends with a colon.
pub(crate) fn is_announced(part: &Part<'_>) -> bool {
    let sentence = part.source.rsplit(['.', '?', '!']).next().unwrap_or_default().trim_start();
    let begins = ["One run", "Another run"].iter().any(|words| sentence.starts_with(words));
    matches!(part.kind, Kind::Text) && begins && sentence.ends_with(':')
}

/// Judges the output in `fence` by a transcript of one of the `names`. The announcement may name one of two scenes, and
/// the options of a variant: "One run of `map` with `--workers 4`:".
pub(crate) fn judge(
    findings: &mut Findings<'_>,
    text: &ChapterText<'_>,
    names: &[&str],
    announcement: &Part<'_>,
    fence: &Part<'_>,
) {
    let Kind::Fence { body, .. } = &fence.kind else {
        return;
    };
    let said = |name: &&&str| announcement.spans.iter().any(|span| span.text == ***name);
    let name = match (names, names.iter().find(said)) {
        ([name], _) | (_, Some(name)) => name,
        _ => {
            let what = format_args!("a run of which scene? Write One run of `{}`:", names[0]);
            findings.add(text.file, announcement.line, what);
            return;
        }
    };
    let Some(scene) = text.scenes.iter().find(|scene| scene.name == *name) else {
        return;
    };
    let options = announcement.spans.iter().map(|span| span.text.as_str());
    let options: Vec<&str> = options.filter(|span| span.starts_with('-')).collect();
    let options = options.join(" ");
    let transcript = match variant(text.course, scene, &options) {
        Ok(transcript) => transcript,
        Err(count) => {
            let command = format!("$ {} {name} {options}", text.chapter.package);
            let command = command.trim_end();
            let what = match count {
                0 => format!(
                    "no transcript of `{name}` begins with `{command}`: write one, or show another run"
                ),
                _ => format!(
                    "{count} transcripts of `{name}` fit `{command}`: name the options of one"
                ),
            };
            findings.add(text.file, announcement.line, what);
            return;
        }
    };
    let (line, what) = match transcript.judge(body, Timing::Judged) {
        Verdict::Accepted(_) => return,
        Verdict::Rejected(rejected) => {
            let fault = &rejected.faults[0];
            let line = fault.output_lines.first().map_or(0, |line| *line);
            let message: Vec<&str> = fault.message.split_whitespace().collect();
            (line, format!("{} {}", fault.kind, message.join(" ")))
        }
        Verdict::Undecided(why) => (0, why.to_string()),
    };
    let what = format_args!(
        "{} does not allow this run: {what}: paste one that it allows",
        transcript.name()
    );
    findings.add(text.file, fence.line + line, what);
}

/// The transcript of the scene whose command has these options; or else the only one that has them and others, such as
/// a size that suits a check. Otherwise how many have them.
fn variant(course: &Course, scene: &Scene, options: &str) -> Result<Transcript, usize> {
    let transcripts = scene.transcripts.iter().filter_map(|file| course.transcript(file).ok());
    let given = |transcript: &Transcript| transcript.command().get(2..).unwrap_or(&[]).join(" ");
    let has = |transcript: &Transcript| {
        options.is_empty() || format!("{} ", given(transcript)).contains(&format!("{options} "))
    };
    let mut having: Vec<Transcript> = transcripts.filter(has).collect();
    let exact = having.iter().position(|transcript| given(transcript) == options);
    match (exact, having.len()) {
        (Some(index), _) => Ok(having.swap_remove(index)),
        (None, 1) => Ok(having.remove(0)),
        (None, count) => Err(count),
    }
}
