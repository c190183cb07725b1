//! The generated parts of a text, each between `<!-- kind: subject -->` and `<!-- end -->`.

use std::collections::BTreeSet;
use std::fmt::Write;

use transcript::Transcript;

use super::excerpt::{calls, excerpt};
use crate::chapter::Chapter;
use crate::course::Course;
use crate::error::{Error, Result};
use crate::files::{read, stem};
use crate::scene::{Scene, scene_of};

/// The kinds of blocks.
const KINDS: [&str; 7] = ["lanes", "output", "legal", "code", "says", "ratios", "lessons"];
/// How many columns a picture in a text may have.
const PICTURE: usize = 96;
const END: &str = "<!-- end -->";

/// The marker of the table of chapters, in the root README.
pub const LESSONS: &str = "<!-- lessons -->";

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Written by a person. The number is its first line, from 1.
    Prose(usize, &'a str),
    /// Made by xtask.
    Block(Block<'a>),
}

/// A generated part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<'a> {
    /// The line of its first marker, from 1.
    pub line: usize,
    /// What it shows: `lanes`, `output`, `legal`, `code`, `says`, `ratios` or `lessons`.
    pub kind: &'a str,
    /// The subject in the marker: a scene, a transcript `scene.variant`, or a scene and a flaw.
    pub subject: Vec<&'a str>,
    /// What is between the two markers.
    pub body: &'a str,
    marker: &'a str,
}

impl<'a> Piece<'a> {
    /// The block, if this is one.
    pub fn block(&self) -> Option<&Block<'a>> {
        match self {
            Self::Block(block) => Some(block),
            Self::Prose(..) => None,
        }
    }
}

/// Cuts the text into pieces. An error is a line number, from 1, and what is wrong there.
pub fn pieces(text: &str) -> std::result::Result<Vec<Piece<'_>>, (usize, String)> {
    let mut pieces = Vec::new();
    let (mut prose_start, mut prose_line) = (0, 1);
    let (mut position, mut fence) = (0, None);
    let mut lines = text.split_inclusive('\n').enumerate();
    while let Some((index, line)) = lines.next() {
        let (start, number) = (position, index + 1);
        position += line.len();
        fence = fence_after(fence, line);
        let Some((kind, subject)) = marker(line).filter(|_| fence.is_none()) else {
            if line.trim_end() == END && fence.is_none() {
                return Err((number, format!("{END} without a block above it: remove it")));
            }
            continue;
        };
        if !KINDS.contains(&kind) {
            return Err((number, Error::unknown("kind of block", kind, KINDS).to_string()));
        }
        pieces.push(Piece::Prose(prose_line, &text[prose_start..start]));
        let body = position;
        let end = loop {
            let Some((index, line)) = lines.next() else {
                return Err((
                    number,
                    format!("the block has no end: write {END} on a line below it"),
                ));
            };
            let before = position;
            position += line.len();
            if line.trim_end() == END {
                (prose_start, prose_line) = (position, index + 2);
                break before;
            }
        };
        let subject = subject.split_whitespace().collect();
        pieces.push(Piece::Block(Block {
            line: number,
            kind,
            subject,
            body: &text[body..end],
            marker: line,
        }));
    }
    pieces.push(Piece::Prose(prose_line, &text[prose_start..]));
    Ok(pieces)
}

/// The pieces of the text of the chapter's README. An error names the line.
pub fn pieces_of<'a>(chapter: &Chapter, text: &'a str) -> Result<Vec<Piece<'a>>> {
    pieces(text).map_err(|(line, what)| {
        Error::wrong(format!("lessons/{}/README.md:{line}: {what}", chapter.name))
    })
}

/// The text with new bodies; a block keeps its body if `body` returns none.
pub fn rewrite<'a>(
    pieces: &[Piece<'a>],
    mut body: impl FnMut(&Block<'a>) -> Option<String>,
) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Prose(_, prose) => text.push_str(prose),
            Piece::Block(block) => {
                let body = body(block).unwrap_or_else(|| block.body.to_owned());
                text.extend([block.marker, &body, END, "\n"]);
            }
        }
    }
    text
}

/// The body that `block` of the chapter's README should have, or none if `audit` or `bench` writes it.
pub fn generate(
    course: &Course,
    chapter: &Chapter,
    scenes: &[Scene],
    block: &Block<'_>,
) -> Result<Option<String>> {
    if ["says", "ratios"].contains(&block.kind) {
        return Ok(None);
    }
    let [subject] = block.subject[..] else {
        return Err(Error::wrong(format!(
            "the block names no scene: write <!-- {}: scene -->",
            block.kind
        )));
    };
    let scene = chapter.scene(&scene_of(subject.as_ref()))?;
    if block.kind == "code" {
        let others: Vec<&str> = scenes.iter().map(|other| other.function.as_str()).collect();
        let code = excerpt(&read(&scene.file)?, &scene.function, &others).ok_or_else(|| {
            Error::wrong(format!(
                "{} has no function `{}`",
                course.display(&scene.file),
                scene.function
            ))
        })?;
        return Ok(Some(fence("rust", &(code.clone() + &explored(chapter, &code)?))));
    }
    let transcript = transcript(course, &scene, subject)?;
    Ok(match block.kind {
        "lanes" => Some(fence("text", &transcript.picture(PICTURE).to_string())),
        "output" => Some(fence("text", &neutral(&transcript, subject)?)),
        "legal" => Some(sentence(&transcript.legal(transcript.count()))),
        _ => None,
    })
}

/// The code of the explored functions that `code` calls.
fn explored(chapter: &Chapter, code: &str) -> Result<String> {
    let mut explored = String::new();
    for file in &chapter.explored {
        for function in calls(code, file).collect::<BTreeSet<_>>() {
            let code = excerpt(&read(file)?, function, &[]);
            explored.extend(code.map(|code| format!("\n\n{code}")));
        }
    }
    Ok(explored)
}

/// The body of a block of lanes, with a picture of at most this many columns, if its lanes allow that.
pub fn picture(
    course: &Course,
    chapter: &Chapter,
    block: &Block<'_>,
    columns: usize,
) -> Result<String> {
    let subject = block.subject.first().copied().unwrap_or_default();
    let scene = chapter.scene(&scene_of(subject.as_ref()))?;
    let transcript = transcript(course, &scene, subject)?;
    Ok(fence("text", &transcript.picture(columns).to_string()))
}

/// The transcript of the scene that `subject` names: `scene`, or `scene.variant`.
fn transcript(course: &Course, scene: &Scene, subject: &str) -> Result<Transcript> {
    let path =
        scene.proven()?.iter().find(|path| stem(path) == subject || stem(path) + ".txt" == subject);
    let path =
        path.ok_or_else(|| Error::wrong(format!("there is no transcripts/{subject}.txt")))?;
    course.transcript(path)
}

/// `text` as a line with a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.\n", first.unwrap_or_default(), characters.as_str())
}

/// The run that the transcript shows from top to bottom, with neutral values.
fn neutral(transcript: &Transcript, subject: &str) -> Result<String> {
    let lines = transcript.neutral();
    if lines.is_empty() {
        let what = "its rules forbid the run that it shows, with neutral values; \
            set a bound in the hole: {t:secs >= 3.0}";
        return Err(Error::wrong(format!(
            "transcripts/{subject}.txt has no output to show: {what}"
        )));
    }
    Ok(lines.join("\n"))
}

/// The table of chapters for the root README.
pub fn lessons(course: &Course) -> String {
    let mut table =
        "| | Chapter | The question it answers | Minutes |\n|---|---|---|---|\n".to_owned();
    let mut numbers = 1..;
    for part in course.parts() {
        let minutes: u32 = part.iter().map(|chapter| chapter.minutes).sum();
        _ = writeln!(table, "| | **{}** | | {minutes} |", part[0].part);
        for (chapter, number) in part.iter().zip(&mut numbers) {
            let Chapter { name, question, minutes, .. } = chapter;
            _ = writeln!(
                table,
                "| {number} | [{name}](lessons/{name}/README.md) | {question} | {minutes} |"
            );
        }
    }
    table
}

/// `text`, the root README, with an up-to-date table of chapters. An error is a line number, from 1, and what is wrong
/// there.
pub fn front_page(course: &Course, text: &str) -> std::result::Result<String, (usize, String)> {
    let pieces = pieces(text)?;
    if !pieces.iter().filter_map(Piece::block).any(|block| block.kind == "lessons") {
        let what = "no lesson table: write <!-- lessons --> and <!-- end --> where it should be";
        return Err((1, what.to_owned()));
    }
    let table = lessons(course);
    Ok(rewrite(&pieces, |block| (block.kind == "lessons").then(|| table.clone())))
}

/// `text` as a fenced block. The fence has four backticks if `text` contains three.
pub fn fence(language: &str, text: &str) -> String {
    let fence = if text.contains("```") { "````" } else { "```" };
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

/// The length of the fence that is open below `line`; `fence` is the length of the one that is open above it.
fn fence_after(fence: Option<usize>, line: &str) -> Option<usize> {
    let rest = line.trim_end().trim_start_matches('`');
    let ticks = line.trim_end().len() - rest.len();
    match fence {
        None => (ticks >= 3).then_some(ticks),
        Some(open) => (ticks < open || !rest.is_empty()).then_some(open),
    }
}

/// `<!-- kind: subject -->` or `<!-- kind -->` on a line of its own.
fn marker(line: &str) -> Option<(&str, &str)> {
    let inner = line.trim_end().strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    match inner.split_once(": ") {
        Some((kind, subject)) if !kind.contains(' ') => Some((kind, subject)),
        None if ["ratios", "lessons"].contains(&inner) => Some((inner, "")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "one\n<!-- says: map crash -->\nold\n<!-- end -->\ntwo\n```\n<!-- odd: x -->\n```\n<!-- a remark -->\n";

    #[test]
    fn a_sentence_has_a_capital_letter_and_a_full_stop() {
        assert_eq!(sentence("any number of legal outputs"), "Any number of legal outputs.\n");
        assert_eq!(sentence("3 legal outputs"), "3 legal outputs.\n");
    }

    #[test]
    fn a_text_falls_into_pieces_and_back() {
        let cut = pieces(TEXT).unwrap();
        assert_eq!(rewrite(&cut, |_| None), TEXT);
        let [Piece::Prose(1, "one\n"), Piece::Block(block), Piece::Prose(5, _)] = &cut[..] else {
            panic!("{cut:?}")
        };
        assert_eq!(
            (block.line, block.kind, &block.subject[..], block.body),
            (2, "says", &["map", "crash"][..], "old\n")
        );
        assert_eq!(rewrite(&cut, |_| Some("new\n".to_owned())), TEXT.replace("old", "new"));
    }

    #[test]
    fn a_marker_that_means_nothing_is_an_error() {
        let (line, message) = pieces("\n<!-- lane: map -->\n<!-- end -->\n").unwrap_err();
        assert_eq!(
            (line, message.as_str()),
            (2, "no kind of block is called `lane`; did you mean `lanes`?")
        );
        assert_eq!(pieces("<!-- lanes: map -->\n").unwrap_err().0, 1);
        assert_eq!(pieces("a\n\n<!-- end -->\n").unwrap_err().0, 3);
    }

    #[test]
    fn a_marker_in_a_fence_is_text() {
        let text = "````text\n```\n<!-- odd: x -->\n```\n<!-- end -->\n````\n";
        assert_eq!(pieces(text), Ok(vec![Piece::Prose(1, text)]));
        assert_eq!(pieces(&format!("{text}<!-- odd: x -->\n")).unwrap_err().0, 7);
    }

    #[test]
    fn a_fence_outlives_its_content() {
        assert_eq!(fence("rust", "/// ```\n"), "````rust\n/// ```\n````\n");
    }
}
