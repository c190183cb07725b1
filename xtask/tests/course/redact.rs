//! Removes everything from a screen that differs from run to run.
//!
//! A known value is replaced where exactly this value occurs. A measured or random number is replaced only between the
//! words given here, and only within its bounds: a number outside them stays, and the screen differs. Everything else
//! is compared as it is.

use std::ops::RangeInclusive;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

/// A number that varies.
struct Varying {
    before: &'static str,
    after: &'static str,
    bounds: RangeInclusive<f64>,
    called: &'static str,
}

const PIDS: RangeInclusive<f64> = 2.0..=4_194_304.0;
/// The duration of a check is not judged here: if it takes longer, it hangs.
const SECONDS: RangeInclusive<f64> = 0.0..=60.0;

const VARYING: &[Varying] = &[
    number("process ", " was still running", PIDS, "[PID]"),
    number("process ", " (lesson-faults hangs --speed 20): ", PIDS, "[PID]"),
    number("child ", " was never waited for", PIDS, "[PID]"),
    number("thread 'main' (", ") panicked at", PIDS, "[PID]"),
    // How many runs there are depends on how fast the machine is.
    number("\n", " directed run", 2.0..=100.0, "[RUNS]"),
    number("\"runs\": ", "", 2.0..=100.0, "[RUNS]"),
    number(" failed in ", " s\n", SECONDS, "[SECONDS]"),
    number(" skipped in ", " s\n", SECONDS, "[SECONDS]"),
    number(" not checked in ", " s\n", SECONDS, "[SECONDS]"),
    number("\"seconds\": ", "", SECONDS, "[SECONDS]"),
    // The deadline of the chapter `faults`, and the delay of a busy machine.
    number("at its deadline, after ", " s\n", 3.0..=6.0, "[3 TO 6]"),
    // Chance decides in which run a flaw shows; there are at most ten runs.
    number("caught in run ", "\n", 1.0..=10.0, "[1 TO 10]"),
];

const fn number(
    before: &'static str,
    after: &'static str,
    bounds: RangeInclusive<f64>,
    called: &'static str,
) -> Varying {
    Varying { before, after, bounds, called }
}

/// `text`, printed by a command in the course in `folder`, without the parts that differ from run to run.
pub(super) fn redact(text: &str, folder: &Path) -> String {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let mut text = text.replace(folder.to_str().unwrap(), "[COURSE]").replace(name, "[COURSE]");
    text = text.replace(RUSTC.as_str(), "[RUSTC]");
    text = text.replace(env!("CARGO_MANIFEST_DIR"), "[XTASK]");
    for varying in VARYING {
        text = varying.redact(&text);
    }
    without_drawings(&text)
}

/// The compiler's drawing below an error's heading differs from version to version. The place in our file is kept, and
/// so is every line that does not look like such a drawing.
fn without_drawings(text: &str) -> String {
    let mut kept = String::new();
    let mut below_heading = false;
    for line in text.lines() {
        let is_heading = line.trim_start().starts_with("error[E");
        below_heading = is_heading || below_heading && is_drawn(line);
        if is_heading || !below_heading || line.contains("--> lessons/") {
            kept += line;
            kept.push('\n');
        } else if !kept.ends_with(DRAWING) {
            kept += DRAWING;
        }
    }
    kept
}

/// Whether the line is part of a compiler's drawing: source or marks after a bar, a place, a note.
fn is_drawn(line: &str) -> bool {
    let line = line.trim_start();
    let source = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = source.len() < line.len();
    source.trim_start().starts_with('|')
        || is_numbered && [" - ", " + ", " ~ "].iter().any(|mark| source.starts_with(mark))
        || ["-->", ":::", "...", "= ", "note: ", "help: "].iter().any(|mark| line.starts_with(mark))
}

const DRAWING: &str = "[DRAWING]\n";

/// The compiler's own version line.
static RUSTC: LazyLock<String> = LazyLock::new(|| {
    let output = Command::new("rustc").arg("--version").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
});

impl Varying {
    fn redact(&self, text: &str) -> String {
        let mut parts = text.split(self.before);
        let mut redacted = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(part.len());
            let (number, rest) = part.split_at(end);
            let varies = number.parse().is_ok_and(|number| self.bounds.contains(&number));
            redacted += self.before;
            redacted += if varies && rest.starts_with(self.after) { self.called } else { number };
            redacted += rest;
        }
        redacted
    }
}

#[test]
fn only_a_number_within_its_bounds_is_taken_out() {
    let redact = |text| redact(text, Path::new("/tmp/a-course"));
    assert_eq!(redact("in /tmp/a-course/lessons\n"), "in [COURSE]/lessons\n");
    assert_eq!(redact("flaw: caught in run 10\n"), "flaw: caught in run [1 TO 10]\n");
    for kept in [
        "flaw: caught in run 11\n",
        "flaw: caught in run 1 of 10\n",
        "HUNG  stopped at its deadline, after 1.9 s\n",
        "HUNG  stopped at its deadline, after  s\n",
        "process 1 was still running: init\n",
        "process 70 was never waited for\n",
        "2 passed, 2 failed in 99.1 s\n",
        "error: no\n  1 | f()\n",
        "\"seconds\": 61.5\n",
    ] {
        assert_eq!(redact(kept), kept);
    }
}

#[test]
fn of_the_compilers_words_heading_and_place_are_kept() {
    let said = "FAILED\n  error[E0382]: no\n   --> lessons/x.rs:1:2\n    |\n  1 | f()\n    |\n  help: it\n  1 - f()\n  1 + g()\n   \
                --> /rustc/library/x.rs:1:2\nFAILED\n  1 | f()\n";
    assert_eq!(
        without_drawings(said),
        "FAILED\n  error[E0382]: no\n   --> lessons/x.rs:1:2\n[DRAWING]\nFAILED\n  1 | f()\n"
    );
}
