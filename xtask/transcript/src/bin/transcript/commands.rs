//! The four commands.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitStatus;

use transcript::{Timing, Transcript, Verdict};

use crate::answer::{Answer, Failure};
use crate::arguments::{Origin, Request};
use crate::program::{Run, run};
use crate::terminal::{bad, coloured, good, note, println, width};

pub(crate) fn answer(request: Request) -> Result<Answer, Failure> {
    match request {
        Request::Help(text) => println(text.trim_end())?,
        Request::Version => println(format_args!("transcript {}", env!("CARGO_PKG_VERSION")))?,
        Request::Show { transcript } => {
            println(coloured(&load(&transcript)?.outline(width())).trim_end())?;
        }
        Request::Verify { transcript, origin } => return verify(&transcript, origin),
        Request::Draft { runs, words } => return draft(runs, &words),
        Request::Bless { transcript, origin } => return bless(&transcript, origin),
    }
    Ok(Answer::Passed)
}

fn verify(path: &Path, origin: Origin) -> Result<Answer, Failure> {
    let transcript = load(path)?;
    let Printed { stdout, status } = printed(path, &transcript, origin)?;
    let output = match text(&stdout) {
        Ok(output) => output,
        Err(why) => return broken(&why),
    };
    let verdict = transcript.judge(output, Timing::Judged);
    let mut faults = Vec::new();
    match &verdict {
        Verdict::Accepted(accepted) => {
            for warning in &accepted.warnings {
                println(format_args!("{}: {warning}", note("warning")))?;
            }
        }
        Verdict::Rejected(rejected) => faults.push(rejected.wrapped(width())),
        Verdict::Undecided(why) => faults.push(format!("UNDECIDED  {why}")),
    }
    match status {
        Some(status) => faults.extend(wrong_end(status, transcript.exits())),
        None if transcript.exits() != 0 => {
            let why = format!(
                "the exit status, {}, is judged where the program runs",
                transcript.exits()
            );
            println(format_args!("{}: {why}: verify TRANSCRIPT -- PROGRAM", note("not judged")))?;
        }
        None => {}
    }
    if faults.is_empty() {
        let legal = transcript.legal(transcript.count());
        println(format_args!("{}: {legal}", good("accepted")))?;
        return Ok(Answer::Passed);
    }
    println(format_args!("{}\n{}", bad("rejected"), faults.join("\n")))?;
    if !output.is_empty() {
        let drawing = coloured(&transcript.drawing(output, &verdict, width()));
        println(format_args!("\n{}", drawing.trim_end_matches('\n')))?;
    }
    Ok(Answer::Failed)
}

fn draft(runs: u32, words: &[OsString]) -> Result<Answer, Failure> {
    let mut outputs = Vec::new();
    let mut code = None;
    for turn in 1..=runs {
        let Run { stdout, status } = run(words)?;
        let Some(found) = status.code() else {
            return broken(&format!(
                "run {turn} ended by {status}: only runs that end well can be drafted from"
            ));
        };
        if *code.get_or_insert(found) != found {
            let first = code.unwrap_or_default();
            return broken(&format!(
                "the exit status was {first} in the first runs, and {found} in run {turn}"
            ));
        }
        match text(&stdout) {
            Ok(output) => outputs.push(output.to_owned()),
            Err(why) => return broken(&why),
        }
    }
    let command: Vec<String> =
        words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let mut draft = Transcript::draft(&command.join(" "), &outputs);
    if let Some(code) = code.filter(|code| *code != 0) {
        draft.push_str(&format!("exits {code}\n"));
    }
    println(draft.trim_end_matches('\n'))?;
    Ok(Answer::Passed)
}

fn bless(path: &Path, origin: Origin) -> Result<Answer, Failure> {
    if is_stdin(path) {
        let message = "bless rewrites a file: name the transcript, not standard input";
        return Err(Failure::Question(message.to_owned()));
    }
    let transcript = load(path)?;
    let Printed { stdout, status } = printed(path, &transcript, origin)?;
    if let Some(why) = status.and_then(|status| wrong_end(status, transcript.exits())) {
        return broken(&format!("{why}\nbless takes no text from a run that ended badly"));
    }
    let output = match text(&stdout) {
        Ok(output) => output,
        Err(why) => return broken(&why),
    };
    let blessed = transcript.bless(output);
    let name = name(path);
    if !blessed.changed.is_empty() {
        std::fs::write(path, &blessed.text)
            .map_err(|error| Failure::Question(format!("cannot write {name}: {error}")))?;
        let lines: Vec<String> = blessed.changed.iter().map(ToString::to_string).collect();
        println(format_args!("{name}: {} line {}", good("rewrote"), lines.join(", ")))?;
    } else if blessed.refused.is_empty() {
        println(format_args!("{name}: unchanged"))?;
    }
    for refusal in &blessed.refused {
        println(format_args!("{name}: {}: {refusal}", bad("left as it is")))?;
    }
    Ok(if blessed.refused.is_empty() { Answer::Passed } else { Answer::Failed })
}

/// An output, and how its program ended if it was run here.
struct Printed {
    stdout: Vec<u8>,
    status: Option<ExitStatus>,
}

fn printed(path: &Path, transcript: &Transcript, origin: Origin) -> Result<Printed, Failure> {
    let words = match origin {
        Origin::File(file) if is_stdin(&file) && is_stdin(path) => {
            let message = "only one of the two can be standard input: name a file for the other";
            return Err(Failure::Question(message.to_owned()));
        }
        Origin::File(file) => return Ok(Printed { stdout: read(&file)?, status: None }),
        Origin::Program(words) => words,
        Origin::Named => transcript.command().iter().map(OsString::from).collect(),
    };
    if words.is_empty() {
        let message = format!(
            "{} names no command after `$`: give an output, or a program after `--`",
            name(path)
        );
        return Err(Failure::Question(message));
    }
    let Run { stdout, status } = run(&words)?;
    Ok(Printed { stdout, status: Some(status) })
}

/// What is wrong with how a run ended.
fn wrong_end(status: ExitStatus, expected: i32) -> Option<String> {
    match status.code() {
        Some(code) if code == expected => None,
        Some(code) => Some(format!("EXITS   with status {code}; expected {expected}")),
        None => Some(format!("EXITS   by {status}; expected status {expected}")),
    }
}

fn load(path: &Path) -> Result<Transcript, Failure> {
    let bytes = read(path)?;
    let text = text(&bytes).map_err(|why| Failure::Question(format!("{}: {why}", name(path))))?;
    Transcript::parse(&name(path), text)
        .map_err(|error| Failure::Question(format!("{} is not a transcript:\n{error}", name(path))))
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The file's name in messages.
fn name(path: &Path) -> String {
    if is_stdin(path) {
        "standard input".to_owned()
    } else {
        path.to_string_lossy().escape_debug().to_string()
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if is_stdin(path) {
        io::stdin().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(path).map(|read| bytes = read)
    };
    read.map_err(|error| Failure::Question(format!("cannot read {}: {error}", name(path))))?;
    Ok(bytes)
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| {
        let (before, rest) = bytes.split_at(error.valid_up_to());
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("NOT TEXT  line {line} holds the byte 0x{:02x}, which is not UTF-8", rest[0])
    })
}

fn broken(why: &str) -> Result<Answer, Failure> {
    println(format_args!("{}\n{why}", bad("rejected")))?;
    Ok(Answer::Failed)
}
